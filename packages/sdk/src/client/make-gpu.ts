import {
  type AnyProvider,
  attempt,
  type Cloud,
  type CloudEnd,
  type CloudWithoutKey,
  CurrentLedger,
  checkSpecShape,
  type GpuError,
  type InstanceRef,
  InvalidRequest,
  type Kind,
  type LaunchSpec,
  type Ledger,
  memoryLedger,
  type OptionalOps,
  observeCall,
  shape,
  supports,
  toRef,
  waitForStatus,
  waitUntilReady
} from "@anygpu/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { compareWith } from "../compare/compare.ts"
import { portabilityOf } from "../compare/portability.ts"
import { extendWith } from "../lease/extend.ts"
import { leaseWith } from "../lease/lease.ts"
import { marketCalls } from "../market/calls.ts"
import { orderingCalls } from "../orders/calls.ts"
import { earlierBy } from "../placement/by-key.ts"
import { launchWith } from "../placement/launch.ts"
import { openSearch } from "../placement/open-search.ts"
import { quoteWith } from "../placement/quote.ts"
import type { VerifyMachine } from "../placement/verify.ts"
import { poolRoundWith } from "../pool/round.ts"
import type { Guarded } from "../spending/guarded.ts"
import type { SpendLimit } from "../spending/spending.ts"
import { withCost } from "../spent/ended.ts"
import { spentBefore } from "../spent/spent.ts"
import { audit } from "../upkeep/audit.ts"
import { sweep } from "../upkeep/sweep.ts"
import { watchWith } from "../watch/watch.ts"
import { accountsWith } from "./accounts.ts"
import type { CloudsByName } from "./clouds-by-name.ts"
import { AnswerWithin, gather, usualAnswerTime } from "./gather.ts"
import type { Gpu, GpuOptions, Target } from "./gpu.ts"
import { checkOptions, isWithoutKey } from "./gpu-options.ts"
import { joinedClouds } from "./joined-clouds.ts"
import { checkLogin, type LoginProof, provenReady, waitOptionsOf } from "./login-proof.ts"
import type { MachineArgs, MachineOp } from "./machine-op.ts"
import { mapOperations } from "./map-operations.ts"
import { offersWith } from "./offers.ts"
import { recoverAll } from "./recover.ts"
import { type AddedEffects, callsWithoutSsh, type SshExtension } from "./ssh-extension.ts"
import { kindsWithLedger } from "./with-ledger.ts"

type OpArgs<O extends MachineOp> = Parameters<OptionalOps<string, Kind>[O]>

/** What takes no options: one that it is given, such as `dryRun`, must not be passed over by what ends machines. */
const noOptions = shape.argument({})

/**
 * What the calls of a client share. The providers take the ledger of the call they are run in: a launch adds to what the
 * ledger does.
 */
interface Client {
  readonly all: ReadonlyArray<Guarded>
  /** The kinds of each account by themselves. */
  readonly each: ReadonlyArray<Guarded>
  readonly ledger: Ledger
  readonly proof: LoginProof | null
  readonly verifyMachine: VerifyMachine | null
  readonly limit: SpendLimit | undefined
}

/** The same calls on the client's ledger, each with a span and metrics of its own, and with the client's patience. */
const observed = <Ops extends object>(ops: Ops, ledger: Ledger, answerWithin: Duration.Input): Ops =>
  mapOperations(ops, (operation, name) => {
    const observe = observeCall({ operation: name })
    return (...args) =>
      (operation(...args) as Effect.Effect<unknown, GpuError>).pipe(
        Effect.provideService(AnswerWithin, answerWithin),
        Effect.provideService(CurrentLedger, ledger),
        observe
      )
  }) as Ops

const providerOf = ({ all }: Client, provider: string, kind: Kind): Effect.Effect<Guarded, InvalidRequest> => {
  const found = all.find((candidate) => candidate.provider === provider && candidate.kind === kind)
  if (found) return Effect.succeed(found)
  const there = all.map((one) => `${one.provider}/${one.kind}`).join(", ")
  return Effect.fail(
    InvalidRequest.of("provider", `no ${provider} ${kind} provider is in this client; it has ${there}`)
  )
}

/** Finds the provider of a machine and hands it over with the ref. */
const on = <A>(
  client: Client,
  target: Target,
  use: (provider: AnyProvider, ref: InstanceRef) => Effect.Effect<A, GpuError>
): Effect.Effect<A, GpuError> =>
  Effect.flatMap(
    Effect.suspend(() => Effect.fromResult(toRef(target))),
    (ref) => Effect.flatMap(providerOf(client, ref.provider, ref.kind), (provider) => use(provider, ref))
  )

/** Finds the provider of a spec that is one. */
const onOffer = <A>(
  client: Client,
  spec: LaunchSpec,
  use: (provider: AnyProvider) => Effect.Effect<A, GpuError>
): Effect.Effect<A, GpuError> =>
  checkSpecShape(spec).pipe(
    Effect.andThen(Effect.suspend(() => providerOf(client, spec.offer.provider, spec.offer.kind))),
    Effect.flatMap(use)
  )

type Calls = Omit<Gpu, "clouds" | "withoutKey" | "portability" | "watch">

/** What finds machines, and rents them. */
const rentingOf = (client: Client) => {
  const { all, ledger, proof, verifyMachine, limit } = client
  const compare: Gpu["compare"] = compareWith(all)
  const placement = { providers: all, compare, proof, verifyMachine }
  const rent: Gpu["rent"] = (spec) => onOffer(client, spec, (provider) => provider.launch(spec))
  const terminate: Gpu["terminate"] = (target, options) =>
    withCost(
      ledger,
      on(client, target, (provider, ref) => provider.terminate(ref, options))
    )
  const scheduleEnd = (target: InstanceRef, end: CloudEnd | null) =>
    on(client, target, (provider, ref) =>
      supports(provider, "scheduleEnd")
        ? Effect.provideService(provider.scheduleEnd(ref, end), CurrentLedger, ledger)
        : Effect.succeed(null)
    )
  const extend = extendWith({ ledger, limit, scheduleEnd })
  return {
    ...{ compare, rent, terminate, offers: offersWith(all) },
    extend: (target, ttl) => on(client, target, (_, ref) => extend(ref, ttl)),
    launch: launchWith(placement),
    ...{ quote: quoteWith(placement), pool: poolRoundWith(placement) },
    check: (spec) => onOffer(client, spec, (provider) => provider.check(spec)),
    earlierLaunch: (request) => Effect.flatMap(openSearch(placement, request), earlierBy),
    // A lease is ended by calls of its own, which come later.
    lease: leaseWith({
      rent,
      terminate: (ref) => Effect.provideService(terminate(ref), CurrentLedger, ledger),
      scheduleEnd,
      ledger
    })
  } satisfies Partial<Calls>
}

/** What is done with machines that are there. */
const machinesOf = (client: Client) =>
  ({
    get: (target) => on(client, target, (provider, ref) => provider.get(ref)),
    list: (options = {}) =>
      gather(client.all, { ...options, operation: "list", part: "machines" }, (provider) => provider.list()),
    waitUntilReady: (target, options) => {
      const { ssh, wait } = waitOptionsOf(options)
      return Effect.andThen(
        checkLogin(ssh, client.proof),
        on(client, target, (provider, ref) =>
          Effect.flatMap(waitUntilReady(provider, ref, wait), (machine) => provenReady(machine, ssh, client.proof))
        )
      )
    },
    waitFor: (target, status, options) =>
      on(client, target, (provider, ref) => waitForStatus(provider, ref, status, options)),
    act: <O extends MachineOp>(target: Target, op: O, ...args: MachineArgs<O>) =>
      on(client, target, (provider, ref) => attempt(provider, op, ...([ref, ...args] as unknown as OpArgs<O>)))
  }) satisfies Partial<Calls>

/** What concerns all machines and accounts at once. */
const upkeepOf = ({ all, each, ledger }: Client) =>
  ({
    accounts: accountsWith(each),
    recover: (options) => recoverAll(all, options),
    sweep: (...given: ReadonlyArray<unknown>) => {
      const issues = noOptions("options", given[0] ?? {})
      return issues.length > 0 ? Effect.fail(InvalidRequest.all(issues)) : sweep(all, ledger)
    },
    audit: (options) => audit(all, ledger, options),
    spent: spentBefore(ledger),
    ...marketCalls(all, ledger)
  }) satisfies Partial<Calls>

/**
 * Several clouds behind one interface, as Effects.
 *
 * - Everything runs on the ledger given here; without one the client has a memory of its own.
 * - Several accounts of one cloud are given apart, under names: `vast({ apiKey, account: "team" })`.
 * - Throws `InvalidRequest` when an account is given twice, no cloud is or none has a key, and for a limit or option that is not understood.
 *
 * @example
 * ```ts
 * import { makeGpu } from "anygpu/effect"
 * import { vast } from "@anygpu/vast"
 *
 * const gpu = makeGpu({ clouds: [vast({ apiKey: "..." })] })
 * const cheapest = gpu.offers({ gpu: "RTX 4090", limit: 1 })
 * ```
 */
export const makeGpu = <
  const Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>,
  Ssh extends SshExtension | undefined = undefined
>(
  options: GpuOptions<Clouds, Ssh>
): Gpu<Clouds> & AddedEffects<Ssh> => {
  checkOptions(options, ["clouds", "ledger", "spendLimit", "answerWithin", "ssh"], makeGpu)
  const { clouds: given, ledger = memoryLedger(), spendLimit, answerWithin = usualAnswerTime, ssh } = options
  const opened = given.filter((one): one is Extract<typeof one, Cloud> => !isWithoutKey(one))
  const clouds = joinedClouds(opened, spendLimit)
  const all = clouds.flatMap(({ kinds }) => Object.values(kinds))
  const each = clouds.flatMap((cloud) => cloud.each)
  const client: Client = {
    all,
    each,
    ledger,
    proof: ssh?.proof(ledger) ?? null,
    verifyMachine: ssh?.verify(ledger) ?? null,
    limit: spendLimit
  }
  const ordering = orderingCalls(ledger, spendLimit)
  const calls: Calls = { ...rentingOf(client), ...machinesOf(client), ...upkeepOf(client), ...ordering }
  const portability: Gpu["portability"] = (request) => portabilityOf(all, request, portability)
  const gpu: Gpu<Clouds> = {
    ...observed(calls, ledger, answerWithin),
    clouds: Object.fromEntries(
      clouds.map(({ name, kinds, native }) => [name, { ...kindsWithLedger(kinds, ledger), native }])
    ) as CloudsByName<Clouds>,
    withoutKey: given.filter(isWithoutKey),
    portability,
    watch: (how) => Stream.provideService(watchWith(all, how), CurrentLedger, ledger)
  }
  const added = ssh?.effects({ gpu: gpu as Gpu, ledger }) ?? callsWithoutSsh
  return { ...added, ...gpu } as unknown as Gpu<Clouds> & AddedEffects<Ssh>
}
