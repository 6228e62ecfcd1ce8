import {
  type AnyProvider,
  attempt,
  byPrice,
  type Cloud,
  type CloudWithoutKey,
  CurrentLedger,
  checkSpecShape,
  type GpuError,
  type InstanceRef,
  InvalidRequest,
  type Kind,
  type LaunchSpec,
  type Ledger,
  type OfferFilter,
  type OptionalOps,
  observeCall,
  resolveFilter,
  shape,
  toRef,
  waitForStatus,
  waitUntilReady
} from "@anygpu/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { compareWith } from "../compare/compare.ts"
import { portabilityOf } from "../compare/portability.ts"
import { leaseWith } from "../lease/lease.ts"
import { earlierBy } from "../placement/by-key.ts"
import { launchWith } from "../placement/launch.ts"
import { openSearch } from "../placement/open-search.ts"
import { quoteWith } from "../placement/quote.ts"
import { type Guarded, guarded } from "../spending/guarded.ts"
import { audit } from "../upkeep/audit.ts"
import { sweep } from "../upkeep/sweep.ts"
import { watchWith } from "../watch/watch.ts"
import { accountsWith } from "./accounts.ts"
import { AnswerWithin, type AskOptions, askedFor, gather, usualAnswerTime } from "./gather.ts"
import type { Gpu, GpuOptions, MachineArgs, MachineOp, Providers, Target } from "./gpu.ts"
import { checkOptions, isWithoutKey } from "./gpu-options.ts"
import { overOperations } from "./over-operations.ts"
import { recoverAll } from "./recover.ts"

type OpArgs<O extends MachineOp> = Parameters<OptionalOps<string, Kind>[O]>

/** What takes no options: one that it is given, such as `dryRun`, must not be passed over by what ends machines. */
const noOptions = shape.argument({})

/** A filter without how long the clouds may take, which no cloud is asked for; what is no filter at all stays. */
const withoutTime = (given: OfferFilter & AskOptions): { readonly filter: OfferFilter; readonly ask: AskOptions } => {
  if (!shape.isFields(given)) return { filter: given, ask: {} }
  const { within, ...filter }: OfferFilter & AskOptions = given
  return { filter, ask: within === undefined ? {} : { within } }
}

/** The same provider with all it does remembered in a ledger. */
const remembering = (provider: Guarded, ledger: Ledger | undefined): Guarded =>
  ledger
    ? (overOperations(provider, (operation) => (...args) => {
        const effect = operation(...args) as Effect.Effect<unknown, GpuError>
        return Effect.provideService(effect, CurrentLedger, ledger)
      }) as Guarded)
    : provider

/** The same calls, each with a span and metrics of its own, and with the client's patience. */
const observed = <Ops extends object>(ops: Ops, answerWithin: Duration.Input): Ops =>
  overOperations(ops, (operation, name) => {
    const observe = observeCall({ operation: name })
    const patient = Effect.provideService(AnswerWithin, answerWithin)
    return (...args) => observe(patient(operation(...args) as Effect.Effect<unknown, GpuError>))
  }) as Ops

/**
 * Several clouds behind one interface, as Effects.
 *
 * - Everything runs on the ledger given here, or on the one of the fiber (`CurrentLedger`) when none is.
 * - Throws `InvalidRequest` when a cloud is given twice, none is or none has a key, and for a limit or option that is not understood.
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
export const makeGpu = <const Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>>(
  options: GpuOptions<Clouds>
): Gpu<Clouds> => {
  checkOptions(options, ["providers", "ledger", "spendLimit", "answerWithin"], makeGpu)
  const { providers: given, ledger, spendLimit, answerWithin = usualAnswerTime } = options
  const clouds = given.filter((one): one is Extract<typeof one, Cloud> => !isWithoutKey(one))
  const kindsOf = clouds.map(({ kinds }) =>
    Object.fromEntries(
      Object.entries(kinds).map(([kind, provider]) => [kind, remembering(guarded(provider, spendLimit), ledger)])
    )
  )
  const all = kindsOf.flatMap((kinds) => Object.values(kinds))

  const providerOf = (provider: string, kind: Kind): Result.Result<AnyProvider, InvalidRequest> => {
    const found = all.find((candidate) => candidate.provider === provider && candidate.kind === kind)
    return found
      ? Result.succeed(found)
      : Result.fail(
          InvalidRequest.of(
            "provider",
            `no ${provider} ${kind} provider is in this client; it has ${all.map((p) => `${p.provider}/${p.kind}`).join(", ")}`
          )
        )
  }

  /** Finds the provider of a machine and hands it over with the ref. */
  const on = <A>(target: Target, use: (provider: AnyProvider, ref: InstanceRef) => Effect.Effect<A, GpuError>) =>
    Effect.suspend((): Effect.Effect<A, GpuError> => {
      const ref = toRef(target)
      if (Result.isFailure(ref)) return Effect.fail(ref.failure)
      const provider = providerOf(ref.success.provider, ref.success.kind)
      return Result.isFailure(provider) ? Effect.fail(provider.failure) : use(provider.success, ref.success)
    })

  const offers = (given: OfferFilter & AskOptions = {}) =>
    Effect.gen(function* () {
      const { filter, ask } = withoutTime(given)
      const { limit } = yield* resolveFilter(filter)
      const asked = askedFor(all, filter.kind)
      const question = { ...ask, operation: "offers", part: "offers" }
      const found = yield* gather(asked, question, (provider) => provider.offers(filter))
      return found.with([...found.items].sort(byPrice).slice(0, limit ?? found.items.length))
    })

  const remembered = <A>(effect: Effect.Effect<A, GpuError>) =>
    ledger ? Effect.provideService(effect, CurrentLedger, ledger) : effect
  const compare: Gpu["compare"] = (request) => remembered(compareWith(all)(request))
  const placement = { providers: all, compare }
  const [launch, quote] = [launchWith(placement), quoteWith(placement)]
  /** The provider of a spec that is one. */
  const onOffer = <A>(spec: LaunchSpec, use: (provider: AnyProvider) => Effect.Effect<A, GpuError>) =>
    checkSpecShape(spec).pipe(
      Effect.andThen(Effect.suspend(() => Effect.fromResult(providerOf(spec.offer.provider, spec.offer.kind)))),
      Effect.flatMap(use)
    )
  const rent: Gpu["rent"] = (spec) => onOffer(spec, (provider) => provider.launch(spec))

  const terminate: Gpu["terminate"] = (target, options) =>
    on(target, (provider, ref) => provider.terminate(ref, options))
  const inLedger = <A>(use: (ledger: Ledger) => Effect.Effect<A, GpuError>) =>
    ledger ? use(ledger) : Effect.flatMap(CurrentLedger, use)

  const calls: Omit<Gpu, "providers" | "withoutKey" | "portability" | "watch"> = {
    offers,
    compare,
    check: (spec) => onOffer(spec, (provider) => provider.check(spec)),
    launch: (request) => remembered(launch(request)),
    quote: (request) => remembered(quote(request)),
    rent,
    earlierLaunch: (request) => remembered(Effect.flatMap(openSearch(placement, request), earlierBy)),
    get: (target) => on(target, (provider, ref) => provider.get(ref)),
    list: (options = {}) =>
      gather(all, { ...options, operation: "list", part: "machines" }, (provider) => provider.list()),
    accounts: accountsWith(all),
    terminate,
    waitUntilReady: (target, options) => on(target, (provider, ref) => waitUntilReady(provider, ref, options)),
    waitFor: (target, status, options) => on(target, (provider, ref) => waitForStatus(provider, ref, status, options)),
    act: <O extends MachineOp>(target: Target, op: O, ...args: MachineArgs<O>) =>
      on(target, (provider, ref) => attempt(provider, op, ...([ref, ...args] as unknown as OpArgs<O>))),
    recover: (options) => recoverAll(all, options),
    lease: leaseWith({ rent, terminate, ledger }),
    sweep: (...given: ReadonlyArray<unknown>) => {
      const issues = noOptions("options", given[0] ?? {})
      return issues.length > 0 ? Effect.fail(InvalidRequest.all(issues)) : inLedger((own) => sweep(all, own))
    },
    audit: (options) => inLedger((own) => audit(all, own, options))
  }
  const portability: Gpu["portability"] = (request) => portabilityOf(all, request, portability)
  return {
    ...observed(calls, answerWithin),
    providers: Object.fromEntries(
      clouds.map(({ name, native }, index) => [name, { ...kindsOf[index], native }])
    ) as Providers<Clouds>,
    withoutKey: given.filter(isWithoutKey),
    portability,
    watch: (options) => watchWith(all, options)
  }
}
