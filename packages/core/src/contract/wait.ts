import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { monotonicMillis } from "../elapsed.ts"
import { type GpuError, InvalidRequest, ProviderFault, Timeout, withContext } from "../errors.ts"
import { type Instance, isReady, type NativeFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption } from "../model/launch-spec.ts"
import { type InstanceRef, ownRef } from "../model/ref.ts"
import { type Status, statuses } from "../model/status.ts"
import { waitShape } from "./arguments.ts"
import type { Provider } from "./provider.ts"
import { advised, stuck, type Trouble, trouble, wordsOf } from "./stuck.ts"

/** How to wait for a machine. */
export interface WaitOptions<P extends string = string, K extends Kind = Kind> {
  /**
   * How long before `Timeout`, in any case. Without it the provider's boot time, which starts again with every
   * progress: a status or words of the cloud that were not there before. Three boot times is the most.
   */
  readonly within?: Duration.Input
  /** Between two looks; the provider's own pace otherwise. */
  readonly every?: Duration.Input
  /**
   * Called with the first look and with each one that differs in status, reason, billing, readiness or the cloud's
   * words.
   */
  readonly onChange?: (instance: Instance<P, K>) => void
}

/** So many looks in a row may answer `unknown` (a host without contact) before a wait gives up. */
const patience = 3

/** More of a cloud's own facts is not put into a message. */
const mostNative = 500

/** A boot that progresses may take so many times the boot time of its provider. */
const mostBoots = 3

const stays = "It is still there and may cost money"

const face = (instance: Instance): string =>
  [instance.status, instance.reason, instance.billing, isReady(instance), instance.said].join("|")

const inWords = (milliseconds: number): string => Duration.format(Duration.millis(milliseconds))

/** When a wait is over: at a fixed moment, or a while after the last progress. */
const deadlineFrom = (start: number, within: Duration.Input | undefined, bootWithin: Duration.Input) => {
  const boot = Duration.toMillis(bootWithin)
  const most = within === undefined ? boot * mostBoots : Duration.toMillis(within)
  const seen = new Set<string>()
  let progressAt = start
  return {
    /** Takes in what a look shows; only what was not seen before is progress. */
    see: ({ status, said }: Instance, now: number): void => {
      const shown = `${status}|${said}`
      if (!seen.has(shown) && seen.size > 0) progressAt = now
      seen.add(shown)
    },
    isOver: (now: number): boolean => now - start >= most || (within === undefined && now - progressAt >= boot),
    /** How long it was, for people. */
    text: (now: number): string => {
      if (within !== undefined) return inWords(most)
      const taken = inWords(now - start)
      if (now - start >= most) return `${taken}, the most that a boot may take which progresses`
      return progressAt === start ? inWords(boot) : `${taken}, the last ${inWords(boot)} of it without progress`
    }
  }
}

/**
 * Looks at a machine until `done` says so.
 *
 * - `Timeout` after `within`, with the machine's ref: the wait is over, the machine is not.
 * - `hopeless` ends the wait early with an error; reads that fail temporarily are repeated until the time is up.
 */
const waitUntil = Effect.fnUntraced(function* <P extends string, K extends Kind, X extends NativeFacts>(
  provider: Provider<P, K, LaunchOption, never, X>,
  target: InstanceRef<P, K>,
  done: (instance: Instance) => boolean,
  hopeless: (instance: Instance) => Trouble | null,
  wanted: string,
  options: WaitOptions<P, K>
): Effect.fn.Return<Instance<P, K, X>, GpuError | Trouble> {
  const ref = yield* Effect.fromResult(ownRef(provider, target))
  const issues = waitShape("options", options)
  if (issues.length > 0) return yield* InvalidRequest.all(issues)
  const every = options.every ?? provider.timing.pollEvery
  const place = { provider: provider.provider, kind: provider.kind, operation: `wait for ${wanted}` }
  const start = yield* monotonicMillis
  const deadline = deadlineFrom(start, options.within, provider.timing.bootWithin)
  let shown = ""
  let lost = 0
  for (;;) {
    // Only a look that began when the time was over is the last one: a process may stand still with an answer in its
    // hands.
    const isLast = deadline.isOver(yield* monotonicMillis)
    const look = yield* Effect.result(provider.get(ref))
    const now = yield* monotonicMillis
    if (look._tag === "Failure") {
      if (look.failure.retry === "permanent" || isLast) return yield* Effect.fail(look.failure)
      yield* Effect.sleep(every)
      continue
    }
    const instance = look.success
    deadline.see(instance, now)
    if (face(instance) !== shown) options.onChange?.(instance)
    shown = face(instance)
    if (done(instance)) return instance
    lost = instance.status === "unknown" ? lost + 1 : 0
    const over = hopeless(instance) ?? (lost >= patience ? noContact(instance) : null)
    if (over) return yield* Effect.fail(trouble(withContext(over.error, place), over.advice))
    if (isLast && deadline.isOver(now)) {
      const message = `${ref} is ${instance.status} after ${deadline.text(now)}, not ${wanted}${wordsOf(instance)}`
      const after = Duration.millis(now - start)
      const error = new Timeout({ ...place, message, retry: "temporary", after, ref, leftovers: [ref] })
      return yield* Effect.fail(trouble(error, `${stays}: wait longer, or terminate it`))
    }
    yield* Effect.sleep(every)
  }
})

const noContact = (instance: Instance): Trouble =>
  trouble(
    new ProviderFault({
      message:
        `${instance.ref} answered "unknown" ${patience} times in a row${instance.reason ? ` (${instance.reason})` : ""}: ` +
        `${JSON.stringify(instance.native).slice(0, mostNative)}${wordsOf(instance)}`,
      retry: "temporary",
      ref: instance.ref,
      leftovers: [instance.ref]
    }),
    `${stays}: look again later, or terminate it`
  )

/** Fails as a caller reads it who is left with the machine. */
const withAdvice = <A>(wait: Effect.Effect<A, GpuError | Trouble>): Effect.Effect<A, GpuError> =>
  Effect.mapError(wait, (error) => (error._tag === "Trouble" ? advised(error) : error))

const ready = <P extends string, K extends Kind, X extends NativeFacts>(
  provider: Provider<P, K, LaunchOption, never, X>,
  ref: InstanceRef<P, K>,
  options: WaitOptions<P, K>
) => waitUntil(provider, ref, isReady, stuck, "ready", options)

/**
 * Waits until a machine is up and reachable, or up where nothing was asked for that could be reached.
 *
 * - Ends early when it cannot get there: `InvalidRequest` when the cloud's words blame what was asked for,
 *   `ProviderFault` for a failed or lost machine, `Conflict` for one that was stopped, interrupted or ended. Each
 *   carries the ref and the cloud's own words; nothing is terminated by waiting.
 * - `Timeout` after `within`; else when the provider's boot time is over without progress, or three of them with it.
 */
export const waitUntilReady = <P extends string, K extends Kind, X extends NativeFacts>(
  provider: Provider<P, K, LaunchOption, never, X>,
  ref: InstanceRef<P, K>,
  options: WaitOptions<P, K> = {}
): Effect.Effect<Instance<P, K, X>, GpuError> => withAdvice(ready(provider, ref, options))

/**
 * The same for who ends a machine that does not get ready: no error says that it is left, or what to do about it.
 *
 * - `leftovers` name it all the same, until it is ended.
 */
export const untilReady = <P extends string, K extends Kind, X extends NativeFacts>(
  provider: Provider<P, K, LaunchOption, never, X>,
  ref: InstanceRef<P, K>,
  options: WaitOptions<P, K> = {}
): Effect.Effect<Instance<P, K, X>, GpuError> =>
  Effect.mapError(ready(provider, ref, options), (error) => (error._tag === "Trouble" ? error.error : error))

const final: ReadonlyArray<Status> = ["terminated"]

/** Waits until a machine has a status; `Conflict` when it is gone for good before that. */
export const waitForStatus = <P extends string, K extends Kind, X extends NativeFacts>(
  provider: Provider<P, K, LaunchOption, never, X>,
  ref: InstanceRef<P, K>,
  status: Status,
  options: WaitOptions<P, K> = {}
): Effect.Effect<Instance<P, K, X>, GpuError> =>
  statuses.includes(status)
    ? withAdvice(
        waitUntil(
          provider,
          ref,
          (instance) => instance.status === status,
          (instance) => (final.includes(instance.status) ? stuck(instance) : null),
          status,
          options
        )
      )
    : Effect.fail(InvalidRequest.of("status", `is unknown; expected ${statuses.join(", ")}`))
