import * as Effect from "effect/Effect"
import type { Ledger } from "../ledger/ledger.ts"
import { memoryLedger } from "../ledger/memory.ts"
import { type TinyMachine, tinyCloud } from "./tiny-cloud.test-support.ts"

/** The steps of a launch at which its process can be frozen. */
export const steps = [
  "after it wrote its launch",
  "before it claims it",
  "after it claimed it",
  "with its request in the network",
  "with its answer in the network",
  "before it notes its machine"
] as const
export type Step = (typeof steps)[number]

/** Those, and the moment between the last look at the ledger and the request. */
export type AnyStep = Step | "after its last look"

/** What a process waits for at a step. */
export type Pace = (step: AnyStep) => Promise<unknown>

/** Several processes on one ledger and one cloud, whose machines carry their markers. */
export const sharedCloud = (ledger: Ledger = memoryLedger()) => {
  const time = { now: 0 }
  const machines: TinyMachine[] = []
  const ended = new Set<string>()
  const creates: string[] = []
  const alive = () => machines.filter(({ id }) => !ended.has(id))

  const start = (pace: Pace) => {
    const at = (step: AnyStep) => Effect.promise(() => pace(step))
    return tinyCloud({
      time,
      machines: alive,
      create: ({ marker }) =>
        Effect.gen(function* () {
          yield* at("with its request in the network")
          const id = `m${machines.length + 1}`
          creates.push(marker)
          machines.push({ id, state: "up", marker })
          yield* at("with its answer in the network")
          return id
        }),
      destroy: (id) => Effect.sync(() => void ended.add(id)),
      ledger: {
        ...ledger,
        launches: (query) =>
          Effect.tap(ledger.launches(query), () =>
            query?.marker === undefined ? Effect.void : at("after its last look")
          ),
        openLaunch: (launch) => Effect.tap(ledger.openLaunch(launch), () => at("after it wrote its launch")),
        claimLaunch: (marker, fence, now) =>
          at("before it claims it").pipe(
            Effect.andThen(ledger.claimLaunch(marker, fence, now)),
            Effect.tap(() => at("after it claimed it"))
          ),
        settleLaunch: (marker, outcome) =>
          (outcome.by !== undefined && outcome.state === "created"
            ? at("before it notes its machine")
            : Effect.void
          ).pipe(Effect.andThen(ledger.settleLaunch(marker, outcome)))
      }
    })
  }
  return { start, ledger, time, machines, alive, creates }
}

/** A process that stops at one step until it is thawed. */
export const freezeAt = (frozenAt: AnyStep) => {
  const thawed = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const pace: Pace = async (step) => {
    if (step !== frozenAt) return
    reached.resolve()
    await thawed.promise
  }
  return { pace, reached: reached.promise, thaw: thawed.resolve }
}

/** A process that nothing stops. */
export const awake: Pace = () => Promise.resolve()
