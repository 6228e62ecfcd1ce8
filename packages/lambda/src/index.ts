import type { Cloud } from "@anygpu/core"
import { type ApiKeyOptions, apiKeyCloud, type CloudFactory, type NativeClient } from "@anygpu/core/adapter"
import { cloud } from "./cloud.ts"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { vms } from "./provider.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { endpoints } from "./endpoints.ts"
export { type LambdaFacts, lifecycle } from "./lifecycle.ts"
export type { InstanceNative } from "./to-domain.ts"

/** Lambda: its machines, and its low-level client. */
export type Lambda = Cloud<"lambda", { readonly vms: ReturnType<typeof vms> }, NativeClient<typeof endpoints>>

/**
 * Lambda's cloud behind the common contract: machines with an operating system and ssh, on demand.
 *
 * - Sends nothing by itself: the key is first used by the first operation. At most one request a second, and one launch in
 *   12 seconds, as Lambda documents it.
 * - Throws `InvalidRequest` when the key is missing, an option is unknown, or the base URL would carry the key in clear text.
 * - `lambda.fromEnv()` takes the key from `LAMBDA_API_KEY`; `createGpu` leaves the cloud out without it.
 *
 * @example
 * ```ts
 * import { lambda } from "@anygpu/lambda"
 *
 * const cloud = lambda({ apiKey: "..." })
 * const offers = cloud.kinds.vms.offers({ gpu: "H100", limit: 5 })
 * ```
 */
export const lambda: CloudFactory<ApiKeyOptions, Lambda> = apiKeyCloud({
  described: cloud,
  baseUrl: "https://cloud.lambda.ai",
  headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  classify,
  endpoints,
  kinds: (caller, account) => ({ vms: vms(caller, account) })
})
