import { type GpuError, InstanceRef, type Ledger, monotonicMillis, toRef } from "@anygpu/core"
import type { ExtendedClient } from "anygpu/effect"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ledgerKnownHosts } from "./ledger-known-hosts.ts"
import type { ConnectOptions } from "./options.ts"
import type { MachineTarget } from "./target.ts"

/** A machine of a client: its ref, the text of one such as `vast/container/123`, or the machine as the client showed it. */
export type ClientTarget = InstanceRef | string | MachineTarget

/** Where to log in, and how. */
export interface Way {
  readonly machine: MachineTarget
  readonly options: ConnectOptions
}

const isShown = (target: ClientTarget): target is MachineTarget =>
  typeof target === "object" && target !== null && "endpoints" in target

/** The ref of a machine, however it is named; `InvalidRequest` for what names none. */
export const refOf = (target: ClientTarget): Effect.Effect<InstanceRef, GpuError> =>
  Effect.suspend(() => {
    if (!isShown(target)) return Effect.fromResult(toRef(target))
    const { provider, kind, id } = target.ref
    return Effect.succeed(new InstanceRef(provider, kind, id))
  })

/** Whether the machine names a way in, or the caller does. */
const hasWayIn = ({ endpoints }: MachineTarget, { host, user }: ConnectOptions): boolean =>
  endpoints.ssh.length > 0 ||
  host !== undefined ||
  (user !== undefined && endpoints.ports.some(({ port }) => port === 22))

/** The public keys with which a machine was launched, as far as the ledger knows: older launches kept their number alone. */
const launchKeys = (
  ledger: Ledger,
  { provider, kind, id }: InstanceRef
): Effect.Effect<ReadonlyArray<string>, GpuError> =>
  Effect.map(ledger.launches({ provider, kind, instanceId: id }), (launches) =>
    launches.flatMap(({ spec: { sshKeys } }) =>
      Array.isArray(sshKeys) ? sshKeys.filter((key): key is string => typeof key === "string") : []
    )
  )

/** What a ledger knows of the login to a machine: its host key, and the public keys of its launch. */
export const loginInLedger = (
  ledger: Ledger,
  ref: InstanceRef
): Effect.Effect<Pick<ConnectOptions, "knownHosts" | "likelyKeys">, GpuError> =>
  Effect.map(launchKeys(ledger, ref), (likelyKeys) => ({ knownHosts: ledgerKnownHosts(ledger, ref), likelyKeys }))

/** Options without those that are explicitly undefined, which count as absent. */
export const definedOnly = (options: ConnectOptions): ConnectOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/**
 * The machine with a way in, what the ledger knows of it, and what is left of the time for the login.
 *
 * - A machine without a way in is waited for where there is `within`.
 */
export const wayTo = Effect.fnUntraced(function* (
  { gpu, ledger }: ExtendedClient,
  target: ClientTarget,
  given: ConnectOptions
): Effect.fn.Return<Way, GpuError> {
  const began = yield* monotonicMillis
  const ref = yield* refOf(target)
  const machine = isShown(target) ? target : yield* gpu.get(ref)
  const options: ConnectOptions = { ...(yield* loginInLedger(ledger, ref)), ...definedOnly(given) }
  const { within, ...rest } = options
  if (within === undefined || hasWayIn(machine, options)) return { machine, options }
  const ready = yield* gpu.waitUntilReady(ref, { within })
  const left = Duration.toMillis(within) - ((yield* monotonicMillis) - began)
  return { machine: ready, options: { ...rest, within: Math.max(1, left) } }
})
