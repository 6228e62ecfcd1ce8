import { type Cloud, InvalidRequest } from "@anygpu/core"
import { makeAccount, makeCaller, type NativeClient, nativeClient, type Transport } from "@anygpu/core/adapter"
import * as Redacted from "effect/Redacted"
import type * as z from "zod"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { vms } from "./provider.ts"
import { Deployment, Image, Offer } from "./wire.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { endpoints } from "./endpoints.ts"
export { type HuddleFacts, lifecycle } from "./lifecycle.ts"

/**
 * Rows of Huddle01's answers as far as this adapter reads them: a field that is in none of these schemas has no use here.
 *
 * - For whoever looks whether Huddle01 sends something new; answers hold more than these.
 */
export const rows: Readonly<Record<"offer" | "deployment" | "image", z.ZodType>> = {
  offer: Offer,
  deployment: Deployment,
  image: Image
}

/** How to reach a Huddle01 GPU account. */
export interface HuddleOptions {
  /**
   * A GPU key from the console. Never appears in an error or a log.
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

/**
 * Huddle01's GPU cloud behind the common contract: machines with an operating system and ssh.
 *
 * - `start` and `stop` are promised by Huddle01's documents and shown in none; rebooting has two names and is not offered.
 * - Sends nothing by itself: the key is first used by the first operation.
 * - Throws `InvalidRequest` when there is no key, or the base URL is none or would carry the key in clear text.
 *
 * @example
 * ```ts
 * import { huddle } from "@anygpu/huddle"
 *
 * const cloud = huddle({ apiKey: process.env["HUDL_GPU_API_KEY"] ?? "" })
 * const offers = cloud.vms.offers({ gpu: "H100", limit: 5 })
 * ```
 */
export const huddle = (options: HuddleOptions): Huddle => {
  // Callers in plain JavaScript pass anything.
  const given: unknown = (options as HuddleOptions | null | undefined)?.apiKey
  const apiKey = typeof given === "string" ? given.trim() : ""
  if (!apiKey) throw InvalidRequest.of("apiKey", "is no key: make a GPU key in the Huddle01 console, and pass it")
  const key = Redacted.make(apiKey)
  const caller = makeCaller({
    provider: "huddle",
    baseUrl: options.baseUrl ?? "https://gpu.huddleapis.com/api/v1",
    headers: () => ({ "x-api-key": key }),
    secrets: [apiKey],
    classify,
    ...(options.transport && { transport: options.transport })
  })
  // No document says how to ask Huddle01 whose a key is.
  const kinds = { vms: vms(caller, makeAccount({ provider: "huddle", apiKey })) }
  return { name: "huddle", kinds, ...kinds, native: nativeClient(endpoints, caller) }
}
