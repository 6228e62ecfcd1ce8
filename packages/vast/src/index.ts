import { type Cloud, shape } from "@anygpu/core"
import {
  address,
  type CloudFactory,
  cloudFactory,
  makeCaller,
  type NativeClient,
  nativeClient,
  type Transport
} from "@anygpu/core/adapter"
import * as Redacted from "effect/Redacted"
import { account } from "./account.ts"
import { cloud } from "./cloud.ts"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { containers, vms } from "./provider.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { endpoints } from "./endpoints.ts"
export { lifecycle, type VastFacts } from "./lifecycle.ts"
export type { VastNative } from "./to-domain.ts"

/** How to reach a Vast account. */
export interface VastOptions {
  /** From the console, under keys; by custom in `VAST_API_KEY`. Never appears in an error or a log. */
  readonly apiKey: string
  /** `https://console.vast.ai` by default. */
  readonly baseUrl?: string
  /** Offer machines that Vast has not verified too; they are left out by default, as Vast's own client does. */
  readonly unverified?: boolean
  /** How requests are sent: pooled undici in Node and the global fetch elsewhere by default. */
  readonly transport?: Transport
}

/** Vast.ai: its two kinds, and its low-level client. */
export interface Vast
  extends Cloud<
    "vast",
    { readonly containers: ReturnType<typeof containers>; readonly vms: ReturnType<typeof vms> },
    NativeClient<typeof endpoints>
  > {
  readonly containers: ReturnType<typeof containers>
  readonly vms: ReturnType<typeof vms>
}

const open = ({ apiKey, baseUrl = "https://console.vast.ai", unverified = false, transport }: VastOptions): Vast => {
  const key = Redacted.make(`Bearer ${apiKey}`)
  const caller = makeCaller({
    provider: "vast",
    baseUrl,
    headers: () => ({ authorization: key }),
    secrets: [apiKey],
    classify,
    ...(transport && { transport })
  })
  const shared = account(caller, apiKey)
  const settings = { unverified, baseUrl }
  const kinds = { containers: containers(caller, shared, settings), vms: vms(caller, shared, settings) }
  return { name: "vast", kinds, ...kinds, native: nativeClient(endpoints, caller) }
}

/**
 * Vast.ai behind the common contract: GPU containers and VMs, on demand and interruptible.
 *
 * - `containers`: everything but `update`, `events` and `images`; `vms`: no logs, and keys only at creation.
 * - Sends nothing by itself: the key is first used by the first operation.
 * - Throws `InvalidRequest` when the key is missing, an option is unknown, or the base URL is invalid or would carry the
 *   key in clear text.
 * - `vast.fromEnv()` takes the key from `VAST_API_KEY`; `createGpu` leaves the cloud out without it.
 *
 * @example
 * ```ts
 * import { vast } from "@anygpu/vast"
 *
 * const cloud = vast({ apiKey: "..." })
 * const offers = cloud.containers.offers({ gpu: "RTX 4090", limit: 5 })
 * ```
 */
export const vast: CloudFactory<VastOptions, Vast> = cloudFactory({
  described: cloud,
  options: { baseUrl: address, unverified: shape.flag, transport: shape.callback },
  open
})
