import type { Instance, InstanceRef, LaunchRecord } from "anygpu"
import * as Effect from "effect/Effect"
import type { OperationContext } from "../context.ts"

/** What the ledger knows of machines, by their refs: the launches that made them. */
export type Launches = ReadonlyMap<string, LaunchRecord>

/** The launches of the ledger whose machines are known, by the ref of the machine, or that of one machine; the last one of each. */
export const launchesOf = async (
  { ledger }: Pick<OperationContext, "ledger">,
  machine?: InstanceRef
): Promise<Launches> => {
  const one = machine && { provider: machine.provider, kind: machine.kind, instanceId: machine.id }
  const launches = await Effect.runPromise((await ledger()).launches({ states: ["created"], ...one }))
  return new Map(launches.map((launch) => [`${launch.provider}/${launch.kind}/${launch.instanceId}`, launch]))
}

/** When the `--ttl` of a machine ends, in epoch milliseconds; null where it has none, or this ledger did not launch it. */
export const leaseUntil = (launches: Launches, { ref }: Pick<Instance, "ref">): number | null =>
  launches.get(String(ref))?.leaseUntil ?? null
