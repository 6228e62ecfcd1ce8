import { type Cloud, type CloudWithoutKey, memoryLedger, type PlainClock } from "@anygpu/core"
import { type LeaseMachine, leasePromised } from "../lease/promised.ts"
import type { Change } from "../watch/change.ts"
import { iterate } from "../watch/iterate.ts"
import type { WatchOptions } from "../watch/options.ts"
import type { AccountAnswer, AccountAnswers, AccountRead } from "./accounts.ts"
import type { Sure, Unsure } from "./clouds-by-name.ts"
import type { AskOptions } from "./gather.ts"
import type { Gpu, GpuOptions, Target } from "./gpu.ts"
import { checkOptions } from "./gpu-options.ts"
import type { MachineAnswer, MachineArgs, MachineOp } from "./machine-op.ts"
import { makeGpu } from "./make-gpu.ts"
import { type CallOptions, type Promised, promised, runner, signalOf } from "./promised.ts"
import type { AddedPromises, SshExtension } from "./ssh-extension.ts"

/** The clouds by name in Promises: `gpu.clouds.vast.containers.stop(ref)`. */
export type PromisedClouds<Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>> = {
  readonly [C in Sure<Clouds> as C["name"]]: PromisedCloud<C>
} & {
  readonly [C in Unsure<Clouds> as C["name"]]?: PromisedCloud<C>
}

/** One cloud in Promises: its kinds and its native client. */
export type PromisedCloud<C extends Cloud> = {
  readonly [Name in keyof C["kinds"]]: Promised<C["kinds"][Name]>
} & { readonly native: Promised<C["native"]> }

/** Several clouds behind one interface, in Promises. Thrown errors are the classes of the error catalogue. */
export interface GpuClient<Clouds extends ReadonlyArray<Cloud | CloudWithoutKey> = ReadonlyArray<Cloud>>
  extends Omit<
    Promised<Gpu<Clouds>>,
    "clouds" | "withoutKey" | "act" | "accounts" | "portability" | "watch" | "lease"
  > {
  readonly clouds: PromisedClouds<Clouds>
  readonly withoutKey: Gpu["withoutKey"]
  readonly act: PromisedAct
  readonly accounts: PromisedAccounts
  readonly portability: Gpu["portability"]
  /**
   * What changes on all accounts, for `for await`; see {@link Gpu.watch}. It begins with the iteration, and leaving the
   * loop or aborting the signal stops it at once.
   *
   * @example
   * ```ts
   * import type { GpuClient } from "anygpu"
   *
   * const report = async (gpu: GpuClient) => {
   *   for await (const change of gpu.watch({ signal: AbortSignal.timeout(3_600_000) })) {
   *     if (change.type === "appeared" || change.type === "vanished") console.log(change.type, String(change.ref))
   *     if (change.type === "status") console.log(String(change.ref), change.before.status, "->", change.instance.status)
   *     if (change.type === "stale") console.log(change.provider, "cannot be asked:", change.error.message)
   *   }
   * }
   * ```
   */
  readonly watch: (options?: WatchOptions & CallOptions) => AsyncIterable<Change>
  /** `await using machine = await gpu.lease(spec, { ttl: "2 hours" })`; see {@link Gpu.lease} and {@link LeasedMachine}. */
  readonly lease: LeaseMachine
}

/** `act` keeps its types per operation, which a mapped type cannot carry over. */
type PromisedAct = <O extends MachineOp>(
  target: Target,
  op: O,
  ...args: [...MachineArgs<O>, options?: CallOptions]
) => Promise<MachineAnswer<O>>

/** `accounts` keeps its types per question, which a mapped type cannot carry over; see {@link Gpu.accounts}. */
export type PromisedAccounts = <O extends AccountRead>(
  op: O,
  options?: AskOptions & CallOptions
) => Promise<AccountAnswers<AccountAnswer<O>>>

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
 * const gpu = createGpu({ clouds: [vast({ apiKey: "..." })] })
 * const offers = await gpu.offers({ gpu: "RTX 4090", gpuCount: 1, limit: 5 })
 * for (const offer of offers) console.log(offer.id, offer.gpu?.model, offer.pricePerHour)
 * ```
 */
export const createGpu = <
  const Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>,
  Ssh extends SshExtension | undefined = undefined
>(
  options: GpuOptions<Clouds, Ssh> & { readonly clock?: PlainClock }
): GpuClient<Clouds> & AddedPromises<Ssh> => {
  checkOptions(options, ["clouds", "ledger", "spendLimit", "answerWithin", "clock", "ssh"], createGpu)
  const { clock, ledger = memoryLedger(), ...rest } = options
  const own = { ...rest, ledger } as unknown as GpuOptions<Clouds>
  const gpu = makeGpu(own) as Gpu
  const { clouds, withoutKey, portability, watch, lease, ...ops } = gpu
  const run = runner(clock)
  const promisedClouds = Object.entries(clouds as Record<string, Record<string, object | null>>).map(
    ([name, kinds]) => [
      name,
      Object.fromEntries(Object.entries(kinds).map(([kind, provider]) => [kind, provider && promised(provider, run)]))
    ]
  )
  const watchFor = (given: WatchOptions & CallOptions = {}): AsyncIterable<Change> => {
    const signal = signalOf(given, watchFor)
    const { signal: _, ...how } = given
    return iterate(watch(how), { clock, ledger, signal })
  }
  const more = {
    withoutKey,
    portability,
    watch: watchFor,
    lease: leasePromised(lease, run)
  }
  const added = options.ssh?.promises({ gpu, ledger }, run)
  const client = { ...promised(ops, run), ...added, ...more, clouds: Object.fromEntries(promisedClouds) }
  return client as unknown as GpuClient<Clouds> & AddedPromises<Ssh>
}
