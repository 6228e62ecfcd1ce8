import type { Cloud } from "@anygpu/core"
import { type ApiKeyOptions, apiKeyCloud, type CloudFactory, type NativeClient } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { cloud } from "./cloud.ts"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { containers } from "./provider.ts"
import { question } from "./wire.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { endpoints } from "./endpoints.ts"
export { lifecycle, type RunpodFacts } from "./lifecycle.ts"
export type { PodNative } from "./to-domain.ts"

/** Runpod: its pods, and its low-level client. */
export type Runpod = Cloud<
  "runpod",
  { readonly containers: ReturnType<typeof containers> },
  NativeClient<typeof endpoints>
>

/**
 * Runpod's cloud behind the common contract: pods on GPUs and on CPUs, of Secure and of Community Cloud.
 *
 * - Sends nothing by itself: the key is first used by the first operation.
 * - Throws `InvalidRequest` when the key is missing, an option is unknown, or the base URL would carry the key in clear text.
 * - `runpod.fromEnv()` takes the key from `RUNPOD_API_KEY`; `createGpu` leaves the cloud out without it.
 *
 * @example
 * ```ts
 * import { runpod } from "@anygpu/runpod"
 *
 * const cloud = runpod({ apiKey: "..." })
 * const offers = cloud.kinds.containers.offers({ gpu: "RTX 4090", limit: 5 })
 * ```
 */
export const runpod: CloudFactory<ApiKeyOptions, Runpod> = apiKeyCloud({
  described: cloud,
  baseUrl: "https://api.runpod.io",
  headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  classify,
  endpoints,
  identify: ({ call }) =>
    Effect.map(call(endpoints.myself, { body: { query: question } }), ({ data }) => data.myself.id),
  kinds: (caller, account) => ({ containers: containers(caller, account) })
})
