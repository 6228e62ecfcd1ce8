import { type Cloud, type Instance, type LaunchSpec, memoryLedger, type PlainClock } from "@anygpu/core"
import type { AnywhereRequest, Launched } from "./anywhere/request.ts"
import type { Gpu, GpuOptions, MachineAnswer, MachineArgs, MachineOp, Target } from "./gpu.ts"
import { makeGpu } from "./make-gpu.ts"
import { type CallOptions, type Promised, promised, runner } from "./promised.ts"

/** The clouds by name in Promises: `gpu.providers.vast.containers.stop(ref)`. */
export type PromisedProviders<Clouds extends ReadonlyArray<Cloud>> = {
  readonly [C in Clouds[number] as C["name"]]: {
    readonly [Name in keyof C["kinds"]]: Promised<C["kinds"][Name]>
  } & { readonly native: Promised<C["native"]> }
}

/** Several clouds behind one interface, in Promises. Thrown errors are the classes of the error catalogue. */
export type GpuClient<Clouds extends ReadonlyArray<Cloud> = ReadonlyArray<Cloud>> = Omit<
  Promised<Gpu<Clouds>>,
  "providers" | "act" | "launch" | "portability"
> & {
  readonly providers: PromisedProviders<Clouds>
  readonly act: PromisedAct
  readonly launch: PromisedLaunch
  readonly portability: Gpu["portability"]
}

/** `launch` keeps its two forms, which a mapped type cannot carry over; see {@link Launch}. */
export interface PromisedLaunch {
  /** Rents one machine on one offer. */
  (spec: LaunchSpec, options?: CallOptions): Promise<Instance>
  /** Rents the best machine for a job that can be had, and waits until it is ready. */
  (request: AnywhereRequest, options?: CallOptions): Promise<Launched>
}

/** `act` keeps its types per operation, which a mapped type cannot carry over. */
type PromisedAct = <O extends MachineOp>(
  target: Target,
  op: O,
  ...args: [...MachineArgs<O>, options?: CallOptions]
) => Promise<MachineAnswer<O>>

/**
 * One client for several GPU clouds.
 *
 * - Every call takes an `AbortSignal` in its options and rejects with an error class of the catalogue.
 * - Nothing is sent until the first call.
 * - `clock` replaces real time, for tests and simulators.
 *
 * @example
 * ```ts
 * import { createGpu } from "anygpu"
 * import { vast } from "@anygpu/vast"
 *
 * const gpu = createGpu({ providers: [vast({ apiKey: process.env["VAST_API_KEY"] ?? "" })] })
 * const offers = await gpu.offers({ gpu: "RTX 4090", gpuCount: 1, limit: 5 })
 * for (const offer of offers) console.log(offer.id, offer.gpu?.model, offer.price)
 * ```
 */
export const createGpu = <const Clouds extends ReadonlyArray<Cloud>>(
  options: GpuOptions<Clouds> & { readonly clock?: PlainClock }
): GpuClient<Clouds> => {
  const run = runner(options.clock)
  const { providers, portability, ...ops } = makeGpu({ ...options, ledger: options.ledger ?? memoryLedger() })
  const clouds = Object.entries(providers as Record<string, Record<string, object>>).map(([name, kinds]) => [
    name,
    Object.fromEntries(Object.entries(kinds).map(([kind, provider]) => [kind, promised(provider, run)]))
  ])
  return { ...promised(ops, run), portability, providers: Object.fromEntries(clouds) } as unknown as GpuClient<Clouds>
}
