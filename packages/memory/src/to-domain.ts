import { canonicalGpu, type InstanceFacts, splitMarker, sshEndpoint } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { type Held, stateOf } from "./world.ts"

/** A machine as a read saw it: what it is changes with time. */
export interface Seen {
  readonly machine: Held
  /** Epoch milliseconds. */
  readonly at: number
}

/** The address of a machine, by the number in its id: of the range that is kept for documents. */
const hostOf = ({ id }: Held): string => `203.0.113.${1 + (Number(id.replace(/\D/g, "")) % 250)}`

/** A machine in common terms. */
export const describe = ({ machine, at }: Seen): InstanceFacts => {
  const { id, name, offer, spec, price, said } = machine
  const { gpu = "H100", gpuCount = 1, vramMiB = 81_920, country = "FI" } = offer
  const host = hostOf(machine)
  const ports = (spec.ports ?? []).map(({ port, protocol = "tcp" }) => ({ port, protocol, host, externalPort: port }))
  const isUp = stateOf(machine, at) === "up"
  return {
    ...{ id, ...splitMarker(name), pricePerHour: price, said, native: { state: stateOf(machine, at) }, endsAt: null },
    gpu: { ...canonicalGpu(gpu, { vramMiB }), count: gpuCount },
    ...{ vcpus: offer.vcpus ?? 16, memoryMiB: offer.memoryMiB ?? 131_072 },
    storageMiB: spec.diskMiB ?? offer.diskMiB ?? 102_400,
    location: { country, region: null, native: country },
    interruptible: offer.interruptible ?? false,
    endpoints: { ssh: isUp ? [sshEndpoint(host, 22, "root", "direct")] : [], ports: isUp ? ports : [], urls: [] },
    createdAt: DateTime.makeUnsafe(machine.madeAt)
  }
}
