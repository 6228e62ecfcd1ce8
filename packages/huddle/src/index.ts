import { type Cloud, shape } from "@anygpu/core"
import {
  address,
  type CloudFactory,
  cloudFactory,
  makeAccount,
  makeCaller,
  type NativeClient,
  nativeClient,
  type Transport
} from "@anygpu/core/adapter"
import * as Redacted from "effect/Redacted"
import { cloud } from "./cloud.ts"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { vms } from "./provider.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { endpoints } from "./endpoints.ts"
export { type HuddleFacts, lifecycle } from "./lifecycle.ts"
export type { DeploymentNative } from "./to-domain.ts"

/** How to reach a Huddle01 GPU account. */
export interface HuddleOptions {
  /**
   * A GPU key from the console; by custom in `HUDDLE_API_KEY`. Never appears in an error or a log.
   *
   * - Not checked by its beginning: the documents show `mk_`, `gk_` and `sk_`, and keys of the CPU cloud look the same.
   */
  readonly apiKey: string
  /** `https://gpu.huddleapis.com/api/v1` by default. */
  readonly baseUrl?: string
  /** How requests are sent: pooled undici in Node and the global fetch elsewhere by default. */
  readonly transport?: Transport
}

/** Huddle01: its one kind, and its low-level client. */
export interface Huddle
  extends Cloud<"huddle", { readonly vms: ReturnType<typeof vms> }, NativeClient<typeof endpoints>> {
  readonly vms: ReturnType<typeof vms>
}

const open = ({ apiKey, baseUrl = "https://gpu.huddleapis.com/api/v1", transport }: HuddleOptions): Huddle => {
  const key = Redacted.make(apiKey)
  const caller = makeCaller({
    provider: "huddle",
    baseUrl,
    headers: () => ({ "x-api-key": key }),
    secrets: [apiKey],
    classify,
    ...(transport && { transport })
  })
  // No document says how to ask Huddle01 whose a key is.
  const kinds = { vms: vms(caller, makeAccount({ provider: "huddle", apiKey })) }
  return { name: "huddle", kinds, ...kinds, native: nativeClient(endpoints, caller) }
}

/**
 * Huddle01's GPU cloud behind the common contract: machines with an operating system and ssh.
 *
 * - `start` and `stop` are promised by Huddle01's documents and shown in none; rebooting has two names and is not offered.
 * - Sends nothing by itself: the key is first used by the first operation.
 * - Throws `InvalidRequest` when the key is missing, an option is unknown, or the base URL is invalid or would carry the
 *   key in clear text.
 * - `huddle.fromEnv()` takes the key from `HUDDLE_API_KEY`; `createGpu` leaves the cloud out without it.
 *
 * @example
 * ```ts
 * import { huddle } from "@anygpu/huddle"
 *
 * const cloud = huddle({ apiKey: "..." })
 * const offers = cloud.vms.offers({ gpu: "H100", limit: 5 })
 * ```
 */
export const huddle: CloudFactory<HuddleOptions, Huddle> = cloudFactory({
  described: cloud,
  options: { baseUrl: address, transport: shape.callback },
  open
})
