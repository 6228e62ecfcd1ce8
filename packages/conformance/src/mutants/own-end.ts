import {
  type AnyProvider,
  attempt,
  type CloudEnd,
  CurrentLedger,
  type GpuError,
  type Instance,
  type InstanceRef,
  type Ledger
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Mutant, mutant } from "./mutant.ts"

const ops = ["scheduleEnd"] as const

const schedule = (provider: AnyProvider, ref: InstanceRef, end: CloudEnd | null): Effect.Effect<Instance, GpuError> =>
  attempt(provider, "scheduleEnd", ref, end)

const endingAt = (instance: Instance, end: CloudEnd | null): Instance => ({
  ...instance,
  endsAt: end && DateTime.fromDateUnsafe(end.at)
})

/** Switches of a cloud that are not used as they are said to be. */
export const ownEndMutants: ReadonlyArray<Mutant> = [
  mutant(
    "takes a machine that has ended by itself for one that never was",
    "own end: a machine that nobody heard of, and that has ended by itself, stays paid for: its key rents no other one",
    "Frees the key and the budget of a launch whose machine may have been there, and was paid for.",
    (provider) => ({
      recover: () =>
        Effect.flatMap(CurrentLedger, (ledger) => {
          const settleLaunch: Ledger["settleLaunch"] = (marker, outcome) =>
            ledger.settleLaunch(marker, outcome.state === "lapsed" ? { ...outcome, state: "absent" } : outcome)
          return Effect.provideService(provider.recover(), CurrentLedger, { ...ledger, settleLaunch })
        })
    }),
    ops
  ),
  mutant(
    "forgets the cloud's own switch",
    "own end: a launch for a time has its end at the cloud before it answers, and says so",
    "Rents for a time, and leaves the end to a process that may die.",
    (provider) => ({
      launch: (spec) => Effect.tap(provider.launch(spec), ({ ref }) => Effect.ignore(schedule(provider, ref, null)))
    }),
    ops
  ),
  mutant(
    "claims an end that it has not read",
    "own end: an end that the cloud takes and forgets is a Conflict, and no end",
    "Says that the cloud ends the machine because it was asked to.",
    (provider) => ({
      scheduleEnd: (ref, end) =>
        Effect.catchTag(schedule(provider, ref, end), "Conflict", () =>
          Effect.map(provider.get(ref), (instance) => endingAt(instance, end))
        )
    }),
    ops
  ),
  mutant(
    "never moves an end",
    "own end: an end is moved and read back, and lists say it too",
    "Renews a lease here, and lets the cloud end the machine at its old end.",
    (provider) => ({
      scheduleEnd: (ref, end) =>
        end === null ? schedule(provider, ref, null) : Effect.map(provider.get(ref), (one) => endingAt(one, end))
    }),
    ops
  ),
  mutant(
    "never removes an end",
    "own end: an end is removed, and the machine lives on",
    "Says that a machine is kept, and lets the cloud end it.",
    (provider) => ({
      scheduleEnd: (ref, end) =>
        end === null ? Effect.map(provider.get(ref), (one) => endingAt(one, null)) : schedule(provider, ref, end)
    }),
    ops
  ),
  mutant(
    "ends what is rented for good",
    "own end: a launch for good has no end at the cloud",
    "Sets the cloud's switch for every machine, to be safe: somebody loses one.",
    (provider, world) => ({
      launch: (spec) =>
        Effect.tap(provider.launch(spec), ({ ref }) =>
          spec.ttl === undefined
            ? Effect.ignore(schedule(provider, ref, { at: new Date(world.time.now() + 86_400_000) }))
            : Effect.void
        )
    }),
    ops
  )
]
