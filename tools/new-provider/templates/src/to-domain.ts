import type { BillingTerms, InstanceFacts, Offer } from "@anygpu/core"
import type * as DateTime from "effect/DateTime"
import { unwritten } from "./unwritten.ts"
import type * as wire from "./wire.ts"

const nowhere = { country: null, region: null, native: null }

const gpuOf = (_row: wire.Offer): Offer["gpu"] =>
  unwritten(
    "src/to-domain.ts",
    "the GPUs of an offer, as { ...canonicalGpu(name), count, vramMiB }; null without a GPU"
  )

const priceOf = (_row: wire.Offer | wire.Machine): Offer["pricePerHour"] =>
  unwritten("src/to-domain.ts", "what an offer and a machine cost per hour, as money(amount); null where none is named")

const termsOf = (_row: wire.Offer): BillingTerms | null =>
  unwritten(
    "src/to-domain.ts",
    "how the cloud charges: step, minimum, disk, traffic; null where that is not documented"
  )

const availabilityOf = (_row: wire.Offer): Offer["availability"] =>
  unwritten("src/to-domain.ts", 'whether an offer can be had; "unknown" where the cloud does not say')

const nameOf = (_row: wire.Machine): Pick<InstanceFacts, "name" | "marker"> =>
  unwritten("src/to-domain.ts", "the name of a machine and the marker in it: splitMarker(name)")

const endpointsOf = (_row: wire.Machine): InstanceFacts["endpoints"] =>
  unwritten("src/to-domain.ts", "how a machine is reached: sshEndpoint(host, port, user, route), ports, urls")

/** An offer in the common model. What the cloud does not say is null, never zero; sizes are MiB. */
export const offerOf = (row: wire.Offer, observedAt: DateTime.Utc): Offer<"newcloud", "vm"> => ({
  id: row.id,
  provider: "newcloud",
  kind: "vm",
  gpu: gpuOf(row),
  vcpus: null,
  memoryMiB: null,
  diskMiB: null,
  storageMiB: null,
  location: nowhere,
  pricePerHour: priceOf(row),
  minimumBid: null,
  terms: termsOf(row),
  availability: availabilityOf(row),
  interruptible: false,
  reliability: null,
  observedAt,
  native: row
})

/** A machine in the common model. */
export const instanceOf = (row: wire.Machine): InstanceFacts => ({
  id: row.id,
  ...nameOf(row),
  gpu: null,
  vcpus: null,
  memoryMiB: null,
  storageMiB: null,
  location: nowhere,
  pricePerHour: priceOf(row),
  interruptible: false,
  endpoints: endpointsOf(row),
  createdAt: null,
  endsAt: null,
  native: row
})
