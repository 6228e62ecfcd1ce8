import {
  type AnyProvider,
  Conflict,
  CurrentLedger,
  clearAfter,
  currentMoment,
  freed,
  type GpuError,
  type Instance,
  InstanceRef,
  type LaunchRecord,
  LaunchUnsettled,
  lapsedBy,
  makeAges,
  monotonicMillis,
  type Offer,
  type ProviderFault,
  usedOtherwise,
  waitUntilReady
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { loginOf } from "./log-in.ts"
import { type Search, thrownBy } from "./search.ts"
import { wishedOtherwise } from "./wish.ts"

/** What has to be known of a launch to look for the machine of its key. */
export type Wanted = Pick<Search, "providerOf" | "limits" | "request" | "job" | "proof">

/** The launch that holds a key now; one that is known to have made nothing does not. */
const holderOf = (key: string): Effect.Effect<LaunchRecord | undefined, ProviderFault> =>
  Effect.flatMap(CurrentLedger, (ledger) => ledger.launches({ key })).pipe(
    Effect.map((all) => all.findLast(({ state }) => state !== "refused"))
  )

/** Reads the machine of a key. Where many ask at once for one key, a cloud that is asked too often is asked again later. */
const read = (provider: AnyProvider, ref: InstanceRef): Effect.Effect<Instance, GpuError> =>
  Effect.retry(provider.get(ref), {
    while: ({ _tag }) => _tag === "RateLimited",
    schedule: Schedule.jittered(Schedule.spaced(provider.timing.pollEvery)),
    times: 5
  })

/** Lets a key go whose launch came to nothing, so that the next offer can be launched under it. */
export const freeKey = Effect.fnUntraced(function* (key: string | undefined, { provider, kind }: Offer) {
  if (key === undefined) return
  const ledger = yield* CurrentLedger
  for (const { marker } of yield* ledger.launches({ key, provider, kind, states: ["absent"] })) {
    yield* ledger.settleLaunch(marker, freed)
  }
})

/**
 * Waits while the launcher of a machine may be ending it, to try its next offer under the same key.
 *
 * - True once the key holds something else, or nothing; false when the machine stays what it is.
 */
export const letGo = Effect.fnUntraced(function* (
  key: string,
  ref: InstanceRef,
  { terminateWithin, pollEvery }: AnyProvider["timing"]
): Effect.fn.Return<boolean, GpuError> {
  const ledger = yield* CurrentLedger
  const from = yield* monotonicMillis
  let goneSince = Number.POSITIVE_INFINITY
  for (;;) {
    yield* Effect.sleep(pollEvery)
    const now = yield* monotonicMillis
    const machine = yield* ledger.machine(ref)
    const holder = yield* holderOf(key)
    if (holder?.instanceId !== ref.id) {
      // Its next launch is written down a moment later.
      if (!holder) yield* Effect.sleep(pollEvery)
      return true
    }
    const isEnding = machine?.intent?.action === "terminate" && now - from < Duration.toMillis(terminateWithin)
    if (machine?.goneAt != null) goneSince = Math.min(goneSince, now)
    if (!isEnding || now - goneSince >= Duration.toMillis(pollEvery)) return false
  }
})

/**
 * The cloud of a launch that holds a key; `Conflict` when that launch is for another wish, or on no cloud of this client.
 */
const cloudOf = Effect.fnUntraced(function* (
  holder: LaunchRecord,
  wanted: Wanted
): Effect.fn.Return<AnyProvider, GpuError> {
  const provider = wanted.providerOf(holder)
  if (!provider) {
    const where = `on ${holder.provider} ${holder.kind}, which this client does not have`
    return yield* usedOtherwise(holder.key, where)
  }
  const differs = yield* wishedOtherwise(holder, wanted, provider)
  return differs ? yield* differs : provider
})

/**
 * The machine that holds a key, as it is wanted: ready, or as soon as it is known.
 *
 * - Null when the key has let it go meanwhile, for another machine or for none. `Conflict` when it has ended.
 */
const awaited = Effect.fnUntraced(function* (
  key: string,
  ref: InstanceRef,
  provider: AnyProvider,
  wanted: Wanted
): Effect.fn.Return<Instance | null, GpuError> {
  const { until, workload } = wanted.request
  const { readyWithin } = wanted.limits
  const seen = yield* read(provider, ref)
  const { status } = seen
  const isOver = status === "terminating" || status === "terminated"
  if (until === "created" && !isOver) return seen
  const message = `The key "${key}" names ${ref}, which is ${status}: nothing was rented, launch with another key`
  const ended = new Conflict({ message, retry: "permanent", ref })
  const wait = waitUntilReady(provider, ref, readyWithin === undefined ? {} : { within: readyWithin })
  const ready = yield* Effect.result(isOver ? Effect.fail(ended) : wait)
  if (ready._tag === "Success") return yield* loginOf(wanted, ready.success, workload) ?? Effect.succeed(ready.success)
  if (yield* letGo(key, ref, provider.timing)) return null
  return yield* Effect.fail(ready.failure)
})

/**
 * Waits a moment for what came of a launch that nobody knows yet, and says so once; fails when it has waited long enough.
 */
const patienceWith = (wanted: Wanted) => {
  const ages = makeAges()
  const announced = new Set<string>()
  return Effect.fnUntraced(function* (
    before: LaunchRecord,
    now: LaunchRecord | undefined,
    { timing }: AnyProvider
  ): Effect.fn.Return<void, GpuError> {
    // By then recover() would have said that it is absent, if the cloud could be asked. It may have been sent since, long
    // after it was written: then its machine has until then to appear.
    const clear = clearAfter(now ?? before, timing) + Duration.toMillis(timing.pollEvery)
    const age = ages.of(before.marker, before, yield* currentMoment)
    if (age > clear) {
      const message = `An earlier launch with the key "${before.key}" is not settled: call recover() later; nothing was sent`
      return yield* new LaunchUnsettled({ message, retry: "temporary", marker: before.marker })
    }
    if (!announced.has(before.marker)) {
      announced.add(before.marker)
      const step = { type: "waiting", launch: before, within: Duration.millis(clear - age) } as const
      yield* Effect.try({
        try: () => wanted.request.onProgress?.(step),
        catch: (cause) => thrownBy("onProgress", cause)
      })
    }
    yield* Effect.sleep(timing.pollEvery)
  })
}

/**
 * The machine of an earlier launch with a request's key, in this process or another one, once it is ready; as soon as it is
 * known where the request is `until: "created"`.
 *
 * - A launch that is under way elsewhere is waited for, as long as its machine can appear; when its machine comes to
 *   nothing and it goes on to another offer, that one is waited for.
 * - Null when the request has no key, or its key names no launch, or one that no machine came of.
 * - `Conflict` when its machine has ended, or was launched for another wish: one key never pays twice.
 */
export const earlierBy = Effect.fnUntraced(function* (wanted: Wanted): Effect.fn.Return<Instance | null, GpuError> {
  const { key } = wanted.request
  if (key === undefined) return null
  const ledger = yield* CurrentLedger
  const wait = patienceWith(wanted)
  for (;;) {
    const before = yield* holderOf(key)
    if (!before) return null
    const provider = yield* cloudOf(before, wanted)
    if (before.instanceId === null) yield* provider.recover()
    const now = yield* holderOf(key)
    if (now?.state === "lapsed") return yield* lapsedBy(now)
    if (now?.state === "absent") {
      yield* ledger.settleLaunch(now.marker, freed)
      return null
    }
    if (now && now.instanceId !== null) {
      const ref = new InstanceRef(now.provider, now.kind, now.instanceId)
      const machine = yield* awaited(key, ref, provider, wanted)
      if (machine) return machine
    } else yield* wait(before, now, provider)
  }
})
