import { type Cloud, shape } from "@anygpu/core"
import {
  address,
  type CloudFactory,
  cloudFactory,
  makeAccount,
  makeCaller,
  type NativeClient,
  nativeClient,
  type Secret,
  type Transport
} from "@anygpu/core/adapter"
import * as Redacted from "effect/Redacted"
import { cloud } from "./cloud.ts"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { vms } from "./provider.ts"
import { unwritten } from "./unwritten.ts"

/** How to reach an account. */
export interface NewCloudOptions {
  readonly apiKey: string
  /** Another address than the cloud's own, for tests. */
  readonly baseUrl?: string
  /** How requests are sent; by HTTP when left out. */
  readonly transport?: Transport
}

/** The cloud in the common model, and its own API. */
export type NewCloud = Cloud<"newcloud", { readonly vms: ReturnType<typeof vms> }, NativeClient<typeof endpoints>>

/** The headers that prove who asks. */
const credentials = (_apiKey: Redacted.Redacted): Readonly<Record<string, Secret>> =>
  unwritten(
    "src/index.ts",
    "the header in which the cloud takes its key, its value made by Redacted.make; and the default of baseUrl"
  )

const open = ({ apiKey, baseUrl = "https://unwritten.invalid", transport }: NewCloudOptions): NewCloud => {
  const key = Redacted.make(apiKey)
  const caller = makeCaller({
    provider: "newcloud",
    baseUrl,
    headers: () => credentials(key),
    secrets: [apiKey],
    classify,
    ...(transport && { transport })
  })
  // Where a document says how to ask whose a key is, `identify` does.
  const account = makeAccount({ provider: "newcloud", apiKey })
  return { name: "newcloud", kinds: { vms: vms(caller, account) }, native: nativeClient(endpoints, caller) }
}

/** Opens one account; nothing is sent. `newCloud.fromEnv()` takes the key from `NEWCLOUD_API_KEY`. */
export const newCloud: CloudFactory<NewCloudOptions, NewCloud> = cloudFactory({
  described: cloud,
  options: { baseUrl: address, transport: shape.callback },
  open
})
