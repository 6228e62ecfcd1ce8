import { stop, takeStep } from "./lifecycle.ts"
import { accrue, untilMoneyBreak } from "./money.ts"
import { type Due, findMachine, type World } from "./world.ts"

/** The next step that can happen: those of a machine whose host is offline wait, the end of a contract doesn't. */
const nextDue = (world: World, now: number): Due | undefined => {
  const offline = new Set(world.state.machines.flatMap(({ id, offlineSince }) => (offlineSince === null ? [] : [id])))
  let first: Due | undefined
  for (const due of world.state.due) {
    if (due.at > now || (first !== undefined && due.at >= first.at)) continue
    if (due.step === "expired" || !offline.has(due.machine)) first = due
  }
  return first
}

/** At no credit every instance is stopped; storage goes on being charged. Source: Vast docs, guides/reference/billing. */
const stopEverything = (world: World) => {
  world.state.creditOut = true
  for (const machine of world.state.machines) {
    if (machine.destroyedAt !== null) continue
    if (machine.status.intended === "stopped" && machine.waiting === null) continue
    stop(world, machine)
  }
}

/**
 * Lets the world live until `now`: charges every stretch between two changes, then makes the change.
 *
 * - The world sets no timers. It's brought up to date whenever somebody looks at it, so a clock can jump freely.
 */
export const settle = (world: World, now: number): void => {
  const { state } = world
  for (;;) {
    const due = nextDue(world, now)
    const target = Math.max(state.at, due?.at ?? now)
    const change = Math.min(target, state.at + untilMoneyBreak(world))
    accrue(world, change - state.at)
    state.at = change
    if (state.credit <= 0n && !state.creditOut) stopEverything(world)
    else if (state.credit > 0n) state.creditOut = false
    if (change < target) continue
    if (due === undefined) return
    // An earlier change in this round may have cancelled the step.
    if (!state.due.includes(due)) continue
    state.due = state.due.filter((other) => other !== due)
    takeStep(world, due.machine, due.step)
  }
}

/** Takes a machine's host off the network, or brings it back with its steps as far away as they were. */
export const setHostOnline = (world: World, machineId: number, online: boolean): void => {
  const machine = findMachine(world, machineId)
  if (machine === undefined) return
  if (!online) {
    machine.offlineSince ??= world.state.at
    return
  }
  const away = machine.offlineSince === null ? 0 : world.state.at - machine.offlineSince
  machine.offlineSince = null
  for (const due of world.state.due) {
    if (due.machine === machineId && due.step !== "expired") due.at += away
  }
}
