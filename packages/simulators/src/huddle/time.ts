import { takeStep } from "./lifecycle.ts"
import { placeVolume } from "./volume.ts"
import type { Due, World } from "./world.ts"

const nextDue = ({ state }: World, now: number): Due | undefined => {
  let first: Due | undefined
  for (const due of state.due) if (due.at <= now && (first === undefined || due.at < first.at)) first = due
  return first
}

const happen = (world: World, { id, step }: Due) => {
  const { state } = world
  const deployment = state.deployments.find((one) => one.id === id)
  if (deployment !== undefined && step !== "volume") return takeStep(world, deployment, step)
  const volume = state.volumes.find((one) => one.id === id)
  if (volume === undefined) return
  if (step === "volume") placeVolume(volume)
  else state.volumes = state.volumes.filter((other) => other !== volume)
}

/**
 * Lets the world live until `now`, step by step.
 *
 * - The world sets no timers. It's brought up to date whenever somebody looks at it, so a clock can jump freely.
 */
export const settle = (world: World, now: number): void => {
  const { state } = world
  for (let due = nextDue(world, now); due !== undefined; due = nextDue(world, now)) {
    const happening = due
    state.at = Math.max(state.at, due.at)
    state.due = state.due.filter((other) => other !== happening)
    happen(world, due)
  }
  state.at = Math.max(state.at, now)
}
