import { CurrentLedger, type LaunchRecord, type Ledger, type MachineRecord } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type Mutant, mutant } from "./mutant.ts"

const nobodys = <A extends LaunchRecord | MachineRecord>({ account: _, ...record }: A) => record as A

/** A ledger that does not say on which account anything is. */
const blind = (ledger: Ledger): Ledger => ({
  ...ledger,
  launches: (query) => Effect.map(ledger.launches(query), (launches) => launches.map(nobodys)),
  machine: (ref) => Effect.map(ledger.machine(ref), (machine) => machine && nobodys(machine)),
  machines: (provider, kind) =>
    Effect.map(
      ledger.machines(provider, kind),
      (machines) => new Map(Array.from(machines, ([id, machine]) => [id, nobodys(machine)]))
    )
})

const blindly = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.flatMap(CurrentLedger, (ledger) => Effect.provideService(effect, CurrentLedger, blind(ledger)))

/** Providers that take each other's machines for gone. */
export const accountMutants: ReadonlyArray<Mutant> = [
  mutant(
    "forgets whose a machine is",
    "two accounts on one ledger: the key of another account neither ends a machine nor calls it gone",
    "Calls a machine gone because the key of another account does not show it: it costs on, unseen.",
    (provider) => ({
      get: (ref) => blindly(provider.get(ref)),
      terminate: (ref, options) => blindly(provider.terminate(ref, options))
    })
  ),
  mutant(
    "settles the launches of others",
    "two accounts on one ledger: a launch that a dead process left open is settled by its own account only",
    "Says that no machine came of a launch on another account, which has one.",
    (provider) => ({ recover: () => blindly(provider.recover()) })
  ),
  mutant(
    "writes down no account",
    "two accounts on one ledger: the ledger keeps accounts apart, and holds no key",
    "Launches without saying on which account: no key can be distinguished from another.",
    (provider) => ({
      launch: (spec) =>
        Effect.flatMap(CurrentLedger, (ledger) => {
          const openLaunch: Ledger["openLaunch"] = (launch, ...reservations) =>
            ledger.openLaunch(nobodys(launch), ...reservations)
          return Effect.provideService(provider.launch(spec), CurrentLedger, { ...ledger, openLaunch })
        })
    })
  )
]
