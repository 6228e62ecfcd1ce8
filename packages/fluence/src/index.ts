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
import { account, keyEndpoints } from "./account.ts"
import { cloud } from "./cloud.ts"
import { cpuEndpoints } from "./cpu/endpoints.ts"
import { cpuVms } from "./cpu/provider.ts"
import { classify } from "./errors.ts"
import { gpuEndpoints } from "./gpu/endpoints.ts"
import { containers, machines } from "./gpu/provider.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { type CpuFacts, cpuLifecycle } from "./cpu/lifecycle.ts"
export type { CpuNative } from "./cpu/to-domain.ts"
export { type ContainerFacts, containerLifecycle, type MachineFacts, machineLifecycle } from "./gpu/lifecycle.ts"
export type { ContainerNative, VmNative } from "./gpu/native.ts"

/** Every endpoint of both families by its name. */
export const endpoints = { ...gpuEndpoints, ...cpuEndpoints, ...keyEndpoints } as const

/** How to reach a Fluence account. */
export interface FluenceOptions {
  /** From the console's settings; by custom in `FLUENCE_API_KEY`. Never appears in an error or a log. */
  readonly apiKey: string
  /**
   * The header that carries the key: `X-API-KEY` by default, or `Authorization: Bearer` for an access token, and for what
   * the documents of 2025 and the page on ordering VMs show.
   */
  readonly keyAs?: "x-api-key" | "bearer"
  /** `https://api.fluence.dev` by default; the paths of the GPU cloud begin with `/gpu` by themselves. */
  readonly gpuBaseUrl?: string
  /** `https://api.fluence.dev` by default: CPU VMs and ssh keys. */
  readonly cpuBaseUrl?: string
  /** How requests are sent: pooled undici in Node and the global fetch elsewhere by default. */
  readonly transport?: Transport
}

/** The kinds of machine that Fluence rents out. */
type Kinds = {
  readonly containers: ReturnType<typeof containers>
  readonly vms: ReturnType<typeof machines<"vm">>
  readonly baremetal: ReturnType<typeof machines<"baremetal">>
  readonly cpuVms: ReturnType<typeof cpuVms>
}

/** Fluence: its kinds, and its low-level client. */
export interface Fluence extends Cloud<"fluence", Kinds, NativeClient<typeof endpoints>>, Kinds {}

const host = "https://api.fluence.dev"

const open = ({ apiKey, keyAs, gpuBaseUrl = host, cpuBaseUrl = host, transport }: FluenceOptions): Fluence => {
  const isBearer = keyAs === "bearer"
  const key = Redacted.make(isBearer ? `Bearer ${apiKey}` : apiKey)
  const callerAt = (baseUrl: string) =>
    makeCaller({
      provider: "fluence",
      baseUrl,
      headers: () => (isBearer ? { authorization: key } : { "x-api-key": key }),
      secrets: [apiKey],
      classify,
      ...(transport && { transport })
    })
  const gpu = callerAt(gpuBaseUrl)
  const cpu = callerAt(cpuBaseUrl)
  const keys = account(cpu)
  // Balances name their user, on a route of which no document says that an API key may ask it.
  const me = makeAccount({ provider: "fluence", apiKey })
  const kinds: Kinds = {
    containers: containers(gpu, keys, me),
    vms: machines(gpu, keys, me, "vm"),
    baremetal: machines(gpu, keys, me, "baremetal"),
    cpuVms: cpuVms(cpu, keys, me)
  }
  return {
    name: "fluence",
    kinds,
    ...kinds,
    native: { ...nativeClient(gpuEndpoints, gpu), ...nativeClient({ ...cpuEndpoints, ...keyEndpoints }, cpu) }
  }
}

/** The address of the GPU cloud, to which every path adds the `/gpu` that it begins with. */
const gpuAddress: shape.Shape = (path, value) =>
  typeof value === "string" && /\/gpu\/*$/.test(value)
    ? [{ path, problem: "ends in /gpu, which every path begins with already: leave it out" }]
    : address(path, value)

/**
 * Fluence behind the common contract.
 *
 * - `containers`: ports, variables, updates, logs, events; `vms` and `baremetal`: a system, a key, ssh.
 * - `cpuVms`: days charged in full, ports that open and close.
 * - No kind can be stopped or started again: a machine runs until it is ended.
 * - Sends nothing by itself: the key is first used by the first operation.
 * - Throws `InvalidRequest` when the key is missing, an option is unknown, or a base URL is invalid or would carry the
 *   key in clear text.
 * - `fluence.fromEnv()` takes the key from `FLUENCE_API_KEY`; `createGpu` leaves the cloud out without it.
 *
 * @example
 * ```ts
 * import { fluence } from "@anygpu/fluence"
 *
 * const cloud = fluence({ apiKey: "..." })
 * const offers = cloud.containers.offers({ gpu: "H200", limit: 5 })
 * ```
 */
export const fluence: CloudFactory<FluenceOptions, Fluence> = cloudFactory({
  described: cloud,
  options: {
    keyAs: shape.oneOf("x-api-key", "bearer"),
    gpuBaseUrl: gpuAddress,
    cpuBaseUrl: address,
    transport: shape.callback
  },
  open
})
