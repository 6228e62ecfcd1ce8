import type { Random } from "../random.ts"
import type { Due, Timeline, World } from "./world.ts"

interface Planned<Id extends string | number, Step extends string> {
  readonly state: { readonly at: number; due: Due<Id, Step>[] }
}

interface Chance {
  readonly random: Random
  readonly timeline: Timeline
}

/** The length of a phase with its jitter. */
export const lengthened = ({ random, timeline }: Chance, ms: number): number =>
  Math.round(ms * (1 + random.next() * timeline.jitter))

/** Puts a step ahead of something, exactly `ms` from now. */
export const plan = <Id extends string | number, Step extends string>(
  { state }: Planned<Id, Step>,
  id: NoInfer<Id>,
  ms: number,
  step: NoInfer<Step>
): void => {
  state.due.push({ at: state.at + ms, id, step })
}

/** Puts a step ahead of something, a phase of `ms` and its jitter from now. */
export const planPhase = <Id extends string | number, Step extends string>(
  world: Planned<Id, Step> & Chance,
  id: NoInfer<Id>,
  ms: number,
  step: NoInfer<Step>
): void => plan(world, id, lengthened(world, ms), step)

/** Puts a step ahead of something, at a moment. */
export const planAt = <Id extends string | number, Step extends string>(
  { state }: Planned<Id, Step>,
  id: NoInfer<Id>,
  at: number,
  step: NoInfer<Step>
): void => {
  state.due.push({ at, id, step })
}

/**
 * Drops what is ahead of something.
 *
 * - `but` names the steps that stay: those of money, say.
 */
export const cancelPlan = <Id extends string | number, Step extends string>(
  { state }: Planned<Id, Step>,
  id: NoInfer<Id>,
  but: readonly NoInfer<Step>[] = []
): void => {
  state.due = state.due.filter((due) => due.id !== id || but.includes(due.step))
}

/** Whether one of these steps is ahead of something. */
export const hasPlan = <Id extends string | number, Step extends string>(
  { state }: Planned<Id, Step>,
  id: NoInfer<Id>,
  ...steps: readonly NoInfer<Step>[]
): boolean => state.due.some((due) => due.id === id && steps.includes(due.step))

/** How a world lives by itself. */
export interface Life<W extends World> {
  /** Lets a step happen. */
  readonly take: (world: W, due: W["state"]["due"][number]) => void
  /** Which steps wait although they are due: those of a machine whose host is off the network. */
  readonly waiting?: (world: W) => (due: W["state"]["due"][number]) => boolean
  /** Money that is charged for time. Without it, money moves by steps alone. */
  readonly meter?: {
    /** Charges a stretch of time in which nothing changes. */
    readonly charge: (world: W, ms: number) => void
    /** Milliseconds until money changes something: the credit runs out. */
    readonly untilBreak: (world: W) => number
  }
  /** What the cloud does, once, when the credit has run out. */
  readonly broke?: (world: W) => void
}

const nextDue = <W extends World>(
  world: W,
  now: number,
  { waiting }: Life<W>
): W["state"]["due"][number] | undefined => {
  const waits = waiting?.(world)
  let first: W["state"]["due"][number] | undefined
  for (const due of world.state.due) {
    if (due.at > now || (first !== undefined && due.at >= first.at)) continue
    if (waits?.(due) !== true) first = due
  }
  return first
}

/** Lets the cloud do what it does without credit, once each time that it runs out. */
const checkCredit = <W extends World>(world: W, { broke }: Life<W>) => {
  const { state } = world
  const wasOut = state.creditOut
  state.creditOut = state.credit <= 0n
  if (state.creditOut && !wasOut) broke?.(world)
}

/**
 * Lets a world live until `now`: charges every stretch between two changes, then makes the change, in order of time.
 *
 * - A world sets no timers. It is brought up to date whenever somebody looks at it, so a clock can jump freely.
 */
export const live = <W extends World>(world: W, now: number, life: Life<W>): void => {
  const { state } = world
  for (;;) {
    const due = nextDue(world, now, life)
    const target = Math.max(state.at, due?.at ?? now)
    const change = Math.min(target, state.at + (life.meter?.untilBreak(world) ?? Number.POSITIVE_INFINITY))
    life.meter?.charge(world, change - state.at)
    state.at = change
    checkCredit(world, life)
    if (change < target) continue
    if (due === undefined) return
    // An earlier change in this round may have cancelled the step.
    if (!state.due.includes(due)) continue
    state.due = state.due.filter((other) => other !== due)
    life.take(world, due)
  }
}
