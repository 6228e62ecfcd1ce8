import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Verdict } from "../../lifecycle.ts"
import { noEndpoints } from "../../model/endpoints.ts"
import type { InstanceFacts } from "../../model/instance.ts"
import type { Intent } from "../../model/status.ts"

/** What is known of a machine that the cloud does not show: the facts of its launch. */
export const unshownFacts = (id: string, record: LaunchRecord | undefined): InstanceFacts => ({
  id,
  name: record?.name ?? null,
  marker: record?.marker ?? null,
  gpu: null,
  vcpus: null,
  memoryMiB: null,
  storageMiB: null,
  location: { country: null, region: null, native: null },
  pricePerHour: null,
  interruptible: false,
  endpoints: noEndpoints,
  createdAt: null,
  endsAt: null,
  native: {}
})

/** A launched machine that the cloud does not show yet: it may cost money already. */
export const notVisibleYet: Verdict = {
  status: "pending",
  reason: "not-visible-yet",
  billing: "unknown",
  actions: ["terminate"]
}

/** A machine that is proven gone, by what was asked of it last. */
export const provenGone = (intent: Intent | null): Verdict => ({
  status: "terminated",
  reason: intent?.action === "terminate" ? "ended-by-user" : null,
  billing: "none",
  actions: []
})
