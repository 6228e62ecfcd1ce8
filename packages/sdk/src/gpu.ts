import {
  type AnyProvider,
  attempt,
  byPrice,
  type Cloud,
  CurrentLedger,
  checkSpecShape,
  type GpuError,
  type Instance,
  type InstanceRef,
  InvalidRequest,
  type Kind,
  type LaunchSpec,
  type Ledger,
  type Listing,
  type Offer,
  type OfferFilter,
  type OptionalOp,
  type OptionalOps,
  type Recovery,
  resolveFilter,
  type Status,
  type TerminateOptions,
  type Termination,
  toRef,
  type WaitOptions,
  waitForStatus,
  waitUntilReady
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { gather } from "./gather.ts"
import { overOperations } from "./over-operations.ts"

/** Which clouds, and where launches are remembered. */
export interface GpuOptions<Clouds extends ReadonlyArray<Cloud>> {
  /** What the adapters' factories make: `vast({ apiKey })` and so on. */
  readonly providers: Clouds
  /**
   * Remembers every launch: a memory of this client's own by default, a file with `sqliteLedger(path)`. One ledger is
   * for one account of each cloud: two accounts of one cloud need two ledgers.
   */
  readonly ledger?: Ledger
}

/** The clouds by name, each with its kinds and its native client: `gpu.providers.vast.containers`. */
export type Providers<Clouds extends ReadonlyArray<Cloud>> = {
  readonly [C in Clouds[number] as C["name"]]: C["kinds"] & { readonly native: C["native"] }
}

/** Which machine: a ref, or its text such as `vast/container/123`. */
export type Target = InstanceRef | string

type Ops = OptionalOps<string, Kind>
type AboutMachine = { [O in OptionalOp]: Parameters<Ops[O]> extends [InstanceRef, ...unknown[]] ? O : never }

/** The optional operations that are about one machine. */
export type MachineOp = AboutMachine[OptionalOp]
export type MachineArgs<O extends MachineOp> = Parameters<Ops[O]> extends [InstanceRef, ...infer Rest] ? Rest : never
export type MachineAnswer<O extends MachineOp> = Effect.Success<ReturnType<Ops[O]>>

/** Several clouds behind one interface. */
export interface Gpu<Clouds extends ReadonlyArray<Cloud> = ReadonlyArray<Cloud>> {
  readonly providers: Providers<Clouds>
  /**
   * The offers of all clouds, cheapest first.
   *
   * - A cloud that fails costs only its own rows: `complete` is false and `problems` says which one and why. When every
   *   one fails, the first one's error is the answer: failure never looks like an empty market.
   * - A wrong filter is `InvalidRequest` and sends nothing.
   * - Machines without a GPU are only among them when `kind` names `cpu-vm`: they would come before everything else.
   */
  offers(filter?: OfferFilter): Effect.Effect<Listing<Offer>, GpuError>
  /** Rents one machine, exactly once; see `RequiredOps.launch` for everything it promises. */
  launch(spec: LaunchSpec): Effect.Effect<Instance, GpuError>
  /** One machine as it is now. */
  get(target: Target): Effect.Effect<Instance, GpuError>
  /** Every machine on all accounts; a cloud that fails is a problem of the listing, as in `offers`. */
  list(): Effect.Effect<Listing<Instance>, GpuError>
  /** Ends a machine and makes sure that it is gone. */
  terminate(target: Target, options?: TerminateOptions): Effect.Effect<Termination, GpuError>
  /** Waits until a machine is up and reachable; ends early when it cannot get there. */
  waitUntilReady(target: Target, options?: WaitOptions): Effect.Effect<Instance, GpuError>
  /** Waits until a machine has a status. */
  waitFor(target: Target, status: Status, options?: WaitOptions): Effect.Effect<Instance, GpuError>
  /**
   * Calls an operation that not every cloud has, by its name: `act(ref, "stop")`, `act(ref, "logs", { tail: 50 })`.
   *
   * - `Unsupported`, with nothing sent, where the machine's cloud and kind lack it.
   */
  act<O extends MachineOp>(target: Target, op: O, ...args: MachineArgs<O>): Effect.Effect<MachineAnswer<O>, GpuError>
  /** Settles the launches that a dead process or a lost answer left open, on all clouds. */
  recover(): Effect.Effect<Recovery, GpuError>
}

/** The same provider with all it does remembered in a ledger. */
const remembering = (provider: AnyProvider, ledger: Ledger | undefined): AnyProvider =>
  ledger
    ? (overOperations(provider, (operation) => (...args) => {
        const effect = operation(...args) as Effect.Effect<unknown, GpuError>
        return Effect.provideService(effect, CurrentLedger, ledger)
      }) as AnyProvider)
    : provider

/**
 * Several clouds behind one interface, as Effects.
 *
 * - Everything runs on the ledger given here, or on the one of the fiber (`CurrentLedger`) when none is.
 * - Throws `InvalidRequest` when a cloud is given twice or none is.
 *
 * @example
 * ```ts
 * import { makeGpu } from "anygpu/effect"
 * import { vast } from "@anygpu/vast"
 *
 * const gpu = makeGpu({ providers: [vast({ apiKey: "..." })] })
 * const cheapest = gpu.offers({ gpu: "RTX 4090", limit: 1 })
 * ```
 */
export const makeGpu = <const Clouds extends ReadonlyArray<Cloud>>({
  providers: clouds,
  ledger
}: GpuOptions<Clouds>): Gpu<Clouds> => {
  if (!Array.isArray(clouds)) throw InvalidRequest.of("providers", "must be a list, such as [vast({ apiKey })]")
  const names = clouds.map(({ name }) => name)
  if (names.length === 0) throw InvalidRequest.of("providers", "is empty: pass at least one, such as vast({ apiKey })")
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw InvalidRequest.of("providers", `has ${twice} twice: make one client per account`)
  const kindsOf = clouds.map(({ kinds }) =>
    Object.fromEntries(Object.entries(kinds).map(([kind, provider]) => [kind, remembering(provider, ledger)]))
  )
  const all = kindsOf.flatMap((kinds) => Object.values(kinds))

  const providerOf = (provider: string, kind: Kind): Effect.Effect<AnyProvider, InvalidRequest> => {
    const found = all.find((candidate) => candidate.provider === provider && candidate.kind === kind)
    return found
      ? Effect.succeed(found)
      : Effect.fail(
          InvalidRequest.of(
            "provider",
            `no ${provider} ${kind} provider is in this client; it has ${all.map((p) => `${p.provider}/${p.kind}`).join(", ")}`
          )
        )
  }

  /** Finds the provider of a machine and hands it over with the ref. */
  const on = <A>(target: Target, use: (provider: AnyProvider, ref: InstanceRef) => Effect.Effect<A, GpuError>) =>
    Effect.gen(function* () {
      const ref = yield* Effect.fromResult(toRef(target))
      return yield* use(yield* providerOf(ref.provider, ref.kind), ref)
    })

  const offers = (filter: OfferFilter = {}) =>
    Effect.gen(function* () {
      const { limit } = yield* resolveFilter(filter)
      const asked = filter.kind === undefined ? all.filter(({ kind }) => kind !== "cpu-vm") : all
      const found = yield* gather(asked, "offers", (provider) => provider.offers(filter))
      return found.with([...found.items].sort(byPrice).slice(0, limit ?? found.items.length))
    })

  return {
    providers: Object.fromEntries(
      clouds.map(({ name, native }, index) => [name, { ...kindsOf[index], native }])
    ) as Providers<Clouds>,
    offers,
    launch: (spec) =>
      checkSpecShape(spec).pipe(
        Effect.andThen(Effect.suspend(() => providerOf(spec.offer.provider, spec.offer.kind))),
        Effect.flatMap((provider) => provider.launch(spec))
      ),
    get: (target) => on(target, (provider, ref) => provider.get(ref)),
    list: () => gather(all, "machines", (provider) => provider.list()),
    terminate: (target, options) => on(target, (provider, ref) => provider.terminate(ref, options)),
    waitUntilReady: (target, options) => on(target, (provider, ref) => waitUntilReady(provider, ref, options)),
    waitFor: (target, status, options) => on(target, (provider, ref) => waitForStatus(provider, ref, status, options)),
    act: <O extends MachineOp>(target: Target, op: O, ...args: MachineArgs<O>) =>
      on(target, (provider, ref) => attempt(provider, op, ...([ref, ...args] as unknown as Parameters<Ops[O]>))),
    recover: () =>
      Effect.forEach(all, (provider) => provider.recover(), { concurrency: "unbounded" }).pipe(
        Effect.map((recoveries) => ({
          adopted: recoveries.flatMap(({ adopted }) => adopted),
          absent: recoveries.flatMap(({ absent }) => absent),
          unsettled: recoveries.flatMap(({ unsettled }) => unsettled)
        }))
      )
  }
}
