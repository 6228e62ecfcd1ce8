import { cpuSteps } from "./cpu/lifecycle.ts"
import { gpuSteps } from "./gpu/lifecycle.ts"
import type { CpuStep, Due, GpuStep, World } from "./world.ts"

const isGpuStep = (step: GpuStep | CpuStep): step is GpuStep => Object.hasOwn(gpuSteps, step)

const take = (world: World, { machine: id, step }: Due) => {
  if (isGpuStep(step)) {
    const instance = world.state.instances.find((candidate) => candidate.id === id)
    if (instance !== undefined && !instance.over) gpuSteps[step](world, instance)
    return
  }
  const machine = world.state.cpus.find((candidate) => candidate.id === id)
  if (machine !== undefined) cpuSteps[step](world, machine)
}

const nextDue = ({ state }: World, now: number): Due | undefined =>
  state.due.reduce<Due | undefined>((first, due) => {
    if (due.at > now) return first
    return first === undefined || due.at < first.at ? due : first
  }, undefined)

/**
 * Lets the world live until `now`: every step that is due, in order of time.
 *
 * - The world sets no timers. It is brought up to date whenever somebody looks at it, so a clock can jump freely.
 * - Nothing happens between steps: rent is charged at the change of an hour and of an epoch, which are steps too.
 */
export const settle = (world: World, now: number): void => {
  const { state } = world
  for (let due = nextDue(world, now); due !== undefined; due = nextDue(world, now)) {
    const taken = due
    state.due = state.due.filter((other) => other !== taken)
    state.at = Math.max(state.at, taken.at)
    take(world, taken)
  }
  state.at = Math.max(state.at, now)
}
