import {
  endsByItself,
  type Instance,
  type InstanceRef,
  type KeeperRecord,
  type LaunchRecord,
  type Ledger,
  type ProviderFault
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { isHeldHere } from "../lease/held-here.ts"
import { refOf } from "./leased.ts"

/**
 * Who ends a machine in time, though nobody thinks of it any more.
 *
 * - `cloud`: its cloud, by a switch of its own that a read shows to be set. `itself`: the machine, with a key that its cloud put
 *   inside it and that reaches nothing else.
 * - `keeper`: a process that stays awake, has a key of that cloud and was heard of just now. `process`: this one, while it lives.
 * - `nobody`: it has no time, or somebody has to run a sweep when that is over.
 */
export type EndedBy = "cloud" | "itself" | "keeper" | "process" | "nobody"

/** What is to be known of a machine for that. */
export type EndingMachine = Pick<Instance, "ref" | "endsAt" | "actions">

const keeps =
  ({ provider, kind }: InstanceRef) =>
  ({ places }: KeeperRecord): boolean =>
    places.includes(`${provider}/${kind}`)

/** Who ends one machine, by its launch and the keepers that are alive. */
const enderOf = (
  { ref, endsAt, actions }: EndingMachine,
  launch: LaunchRecord | undefined,
  { ledger, keepers }: { readonly ledger: Ledger; readonly keepers: ReadonlyArray<KeeperRecord> }
): EndedBy => {
  // Only where the end can be moved is it a switch: elsewhere `endsAt` is when a contract of the host runs out.
  if (endsAt !== null && actions.includes("scheduleEnd")) return "cloud"
  if (launch === undefined || launch.leaseUntil === null) return "nobody"
  if (endsByItself(launch)) return "itself"
  if (keepers.some(keeps(ref))) return "keeper"
  return isHeldHere(ledger, launch.marker) ? "process" : "nobody"
}

/**
 * Who ends each of these machines, by the text of its ref.
 *
 * - Only what the cloud itself shows counts as its word: an end that was asked for and does not show does not count.
 * - A machine that this ledger did not lease ends by nobody, save by its cloud.
 *
 * @example
 * ```ts
 * import { whoEnds } from "anygpu/effect"
 * import { sqliteLedger } from "anygpu/sqlite"
 * import { vast } from "@anygpu/vast"
 * import * as Effect from "effect/Effect"
 *
 * using ledger = sqliteLedger("/var/lib/my-service/ledger.db")
 * const { items } = await Effect.runPromise(vast({ apiKey: "..." }).kinds.containers.list())
 * for (const [ref, who] of await Effect.runPromise(whoEnds(ledger, items))) console.log(`${ref}: ${who}`)
 * ```
 */
export const whoEnds = Effect.fnUntraced(function* (
  ledger: Ledger,
  machines: ReadonlyArray<EndingMachine>
): Effect.fn.Return<ReadonlyMap<string, EndedBy>, ProviderFault> {
  if (machines.length === 0) return new Map()
  const keepers = yield* ledger.keepers()
  const [only] = machines
  const one =
    machines.length === 1 && only ? { provider: only.ref.provider, kind: only.ref.kind, instanceId: only.ref.id } : {}
  const launches = yield* ledger.launches({ ...one, states: ["created"], leased: true })
  const byRef = new Map(launches.map((launch) => [String(refOf(launch)), launch]))
  return new Map(
    machines.map((machine) => {
      const ref = String(machine.ref)
      return [ref, enderOf(machine, byRef.get(ref), { ledger, keepers })]
    })
  )
})
