import {
  type AnyProvider,
  Conflict,
  CurrentLedger,
  clearAfter,
  currentMoment,
  type GpuError,
  type Instance,
  InstanceRef,
  type LaunchRecord,
  LaunchUnsettled,
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
import { type Search, thrownBy } from "./search.ts"
import { wishedOtherwise } from "./wish.ts"

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
export const freeKey = (key: string | undefined, { provider, kind }: Offer) =>
  Effect.gen(function* () {
    if (key === undefined) return
    const ledger = yield* CurrentLedger
    for (const { marker } of yield* ledger.launches({ key, provider, kind, states: ["absent"] })) {
      yield* ledger.settleLaunch(marker, { state: "refused", note: "no machine came of it; its key is free again" })
    }
  })

/**
 * Waits while whoever launched a machine may be ending it, to try its next offer under the same key.
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
 * The machine of an earlier launch with the same key, in this process or another one, once it is ready.
 *
 * - A launch that is under way elsewhere is waited for, as long as its machine can appear; when its machine comes to
 *   nothing and it goes on to another offer, that one is waited for.
 * - Null when the key names no launch, or one that no machine came of.
 * - `Conflict` when its machine has ended, or was launched for another wish: one key never pays twice.
 * - `until: "made"` does not wait until the machine is ready, only until it is known.
 */
export const heldBy = (
  key: string,
  { providerOf, limits, request }: Pick<Search, "providerOf" | "limits" | "request">,
  until: "ready" | "made" = "ready"
): Effect.Effect<Instance | null, GpuError> =>
  Effect.gen(function* () {
    const ledger = yield* CurrentLedger
    const { readyWithin } = limits
    const ages = makeAges()
    const told = new Set<string>()
    for (;;) {
      const before = yield* holderOf(key)
      if (!before) return null
      const provider: AnyProvider | undefined = providerOf(before)
      if (!provider) {
        return yield* usedOtherwise(key, `on ${before.provider} ${before.kind}, which this client does not have`)
      }
      const differs = yield* wishedOtherwise(before, request, provider)
      if (differs) return yield* differs
      if (before.instanceId === null) yield* provider.recover()
      const now = yield* holderOf(key)
      if (now?.state === "absent") {
        yield* ledger.settleLaunch(now.marker, {
          state: "refused",
          note: "no machine came of it; its key is free again"
        })
        return null
      }
      if (now && now.instanceId !== null) {
        const ref = new InstanceRef(now.provider, now.kind, now.instanceId)
        const wait = waitUntilReady(provider, ref, readyWithin === undefined ? {} : { within: readyWithin })
        const seen = yield* read(provider, ref)
        const { status } = seen
        const isOver = status === "terminating" || status === "terminated"
        if (until === "made" && !isOver) return seen
        const message = `The key "${key}" names ${ref}, which is ${status}: nothing was rented, launch with another key`
        const ended = new Conflict({ message, retry: "permanent", ref })
        const ready = yield* Effect.result(isOver ? Effect.fail(ended) : wait)
        if (ready._tag === "Success") return ready.success
        if (yield* letGo(key, ref, provider.timing)) continue
        return yield* Effect.fail(ready.failure)
      }
      // By then recover() would have said that it is absent, if the cloud could be asked. It may have been sent since, long
      // after it was written: then its machine has until then to appear.
      const clear = clearAfter(now ?? before, provider.timing) + Duration.toMillis(provider.timing.pollEvery)
      const age = ages.of(before.marker, before, yield* currentMoment)
      if (age > clear) {
        const message = `An earlier launch with the key "${key}" is not settled: call recover() later; nothing was sent`
        return yield* new LaunchUnsettled({ message, retry: "temporary", marker: before.marker })
      }
      if (!told.has(before.marker)) {
        told.add(before.marker)
        const step = { type: "waiting", launch: before, within: Duration.millis(clear - age) } as const
        yield* Effect.try({ try: () => request.onProgress?.(step), catch: (cause) => thrownBy("onProgress", cause) })
      }
      yield* Effect.sleep(provider.timing.pollEvery)
    }
  })
