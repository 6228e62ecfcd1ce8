import type { Cloud } from "@anygpu/core"
import { type ApiKeyOptions, apiKeyCloud, type CloudFactory, type NativeClient } from "@anygpu/core/adapter"
import { cloud } from "./cloud.ts"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { machines, sharedBy } from "./provider.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { endpoints } from "./endpoints.ts"
export { lifecycle, type ShadeformFacts } from "./lifecycle.ts"
export type { InstanceNative } from "./to-domain.ts"

/** The kinds of machine that Shadeform's clouds rent out. */
type Kinds = {
  readonly vms: ReturnType<typeof machines<"vm">>
  readonly containers: ReturnType<typeof machines<"container">>
  readonly baremetal: ReturnType<typeof machines<"baremetal">>
}

/** Shadeform: its kinds, and its low-level client. */
export type Shadeform = Cloud<"shadeform", Kinds, NativeClient<typeof endpoints>>

/**
 * Shadeform behind the common contract: the machines of some twenty clouds by one key.
 *
 * - Its types are VMs, containers or bare metal; each offer names the cloud behind it first: `massedcompute+A6000@...`.
 * - No machine can be stopped or started again: it runs until it is ended.
 * - Sends nothing by itself: the key is first used by the first operation.
 * - Throws `InvalidRequest` when the key is missing, an option is unknown, or the base URL would carry the key in clear text.
 * - `shadeform.fromEnv()` takes the key from `SHADEFORM_API_KEY`; `createGpu` leaves the cloud out without it.
 *
 * @example
 * ```ts
 * import { shadeform } from "@anygpu/shadeform"
 *
 * const cloud = shadeform({ apiKey: "..." })
 * const offers = cloud.kinds.vms.offers({ gpu: "A6000", limit: 5 })
 * ```
 */
export const shadeform: CloudFactory<ApiKeyOptions, Shadeform> = apiKeyCloud({
  described: cloud,
  baseUrl: "https://api.shadeform.ai",
  headers: (apiKey) => ({ "x-api-key": apiKey }),
  classify,
  endpoints,
  // No document says how to ask Shadeform whose a key is.
  kinds: (caller, account) => {
    const shared = sharedBy(caller, account)
    return {
      vms: machines(shared, "vm"),
      containers: machines(shared, "container"),
      baremetal: machines(shared, "baremetal")
    }
  }
})
