import { type Cloud, InvalidRequest } from "@anygpu/core"
import { makeAccount, makeCaller, type NativeClient, nativeClient, type Transport } from "@anygpu/core/adapter"
import * as Redacted from "effect/Redacted"
import * as z from "zod"
import { account, keyEndpoints } from "./account.ts"
import { cpuEndpoints } from "./cpu/endpoints.ts"
import { cpuVms } from "./cpu/provider.ts"
import { Vm as CpuVm, MarketOffer } from "./cpu/wire.ts"
import { classify } from "./errors.ts"
import { gpuEndpoints } from "./gpu/endpoints.ts"
import { containers, machines } from "./gpu/provider.ts"
import { Container, ContainerPlan, ModelGroup, NumberGroup, Option, Vm } from "./gpu/wire.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { type CpuFacts, cpuLifecycle } from "./cpu/lifecycle.ts"
export { type ContainerFacts, containerLifecycle, type MachineFacts, machineLifecycle } from "./gpu/lifecycle.ts"

/** Every endpoint of both families by its name. */
export const endpoints = { ...gpuEndpoints, ...cpuEndpoints, ...keyEndpoints } as const

const numberGroup = NumberGroup.extend({ options: z.array(Option) })

/**
 * Rows of Fluence's answers as far as this adapter reads them: a field that is in none of these schemas has no use here.
 *
 * - For whoever looks whether Fluence sends something new; answers hold more than these.
 */
export const rows: Readonly<
  Record<"containerPlan" | "machinePlan" | "container" | "machine" | "cpuOffer" | "cpuVm", z.ZodType>
> = {
  containerPlan: ContainerPlan,
  machinePlan: ModelGroup.extend({ availability_by_number: z.array(numberGroup) }),
  container: Container,
  machine: Vm,
  cpuOffer: MarketOffer,
  cpuVm: CpuVm
}

/** How to reach a Fluence account. */
export interface FluenceOptions {
  /** From the console's settings; by custom in `FLUENCE_API_KEY`. Never appears in an error or a log. */
  readonly apiKey: string
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

/**
 * Fluence behind the common contract.
 *
 * - `containers`: ports, variables, updates, logs, events; `vms` and `baremetal`: a system, a key, ssh.
 * - `cpuVms`: days charged in full, ports that open and close.
 * - No kind can be stopped or started again: a machine runs until it is ended.
 * - Sends nothing by itself: the key is first used by the first operation.
 * - Throws `InvalidRequest` when the key is empty, or a base URL is none or would carry the key in clear text.
 *
 * @example
 * ```ts
 * import { fluence } from "@anygpu/fluence"
 *
 * const cloud = fluence({ apiKey: process.env["FLUENCE_API_KEY"] ?? "" })
 * const offers = cloud.containers.offers({ gpu: "H200", limit: 5 })
 * ```
 */
export const fluence = (options: FluenceOptions): Fluence => {
  const apiKey = options.apiKey.trim()
  if (!apiKey) {
    throw InvalidRequest.of("apiKey", "is empty: make one in the Fluence console, and pass it or set FLUENCE_API_KEY")
  }
  const gpuBaseUrl = options.gpuBaseUrl ?? host
  if (/\/gpu\/*$/.test(gpuBaseUrl)) {
    throw InvalidRequest.of("gpuBaseUrl", "ends in /gpu, which every path begins with already: leave it out")
  }
  const key = Redacted.make(apiKey)
  const callerAt = (baseUrl: string) =>
    makeCaller({
      provider: "fluence",
      baseUrl,
      headers: () => ({ "x-api-key": key }),
      secrets: [apiKey],
      classify,
      ...(options.transport && { transport: options.transport })
    })
  const gpu = callerAt(gpuBaseUrl)
  const cpu = callerAt(options.cpuBaseUrl ?? host)
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
