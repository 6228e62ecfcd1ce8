import type { Cloud } from "@anygpu/core"
import { type ApiKeyOptions, apiKeyCloud, type CloudFactory, type NativeClient } from "@anygpu/core/adapter"
import { cloud } from "./cloud.ts"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { vms } from "./provider.ts"
import { unwritten } from "./unwritten.ts"

/** The headers that prove who asks. */
const headers = (_apiKey: string): Readonly<Record<string, string>> =>
  unwritten("src/index.ts", "the header in which the cloud takes its key; and below its address")

/** The cloud in the common model, and its own API. */
export type NewCloud = Cloud<"newcloud", { readonly vms: ReturnType<typeof vms> }, NativeClient<typeof endpoints>>

/** Opens one account; nothing is sent. `newCloud.fromEnv()` takes the key from `NEWCLOUD_API_KEY`. */
export const newCloud: CloudFactory<ApiKeyOptions, NewCloud> = apiKeyCloud({
  described: cloud,
  baseUrl: "https://unwritten.invalid",
  headers,
  classify,
  endpoints,
  // Where a document says how to ask whose a key is: `identify`.
  kinds: (caller, account) => ({ vms: vms(caller, account) })
})
