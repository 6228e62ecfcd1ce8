import {
  clockFrom,
  forCaller,
  type GpuError,
  InvalidRequest,
  isGpuError,
  LeftoverReporter,
  type PlainClock,
  placeOfCall,
  thrownBy
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { mapOperations } from "./map-operations.ts"
import { mergeErrors } from "./merge-errors.ts"

/** What every call takes besides its own arguments. */
export interface CallOptions {
  /**
   * Stops the call when it is aborted, and rejects with the signal's reason. A launch whose request is under way waits
   * for its answer, and what it made is ended. Where that answer was lost, its machine is looked for a few seconds more;
   * what is not known then is `LaunchUnsettled`, which goes before the reason.
   */
  readonly signal?: AbortSignal
}

/** A call's arguments with {@link CallOptions}: merged into a last argument that is options, added after others. */
type WithOptions<Args extends ReadonlyArray<unknown>> =
  Required<Args> extends readonly [...infer Init, infer Last]
    ? Init["length"] extends Args["length"]
      ? Last extends object
        ? [...Init, options?: Last & CallOptions]
        : [...Args, options?: CallOptions]
      : [...Args, options?: CallOptions]
    : [options?: CallOptions]

/** The same interface in Promises: every function that answered an Effect answers a Promise and takes a signal. */
export type Promised<Ops> = {
  readonly [Name in keyof Ops]: Ops[Name] extends (...args: infer Args) => Effect.Effect<infer A, infer _E, never>
    ? (...args: WithOptions<Args>) => Promise<A>
    : Ops[Name]
}

/** Runs an Effect for a caller of Promises. */
export type Run = <A>(effect: Effect.Effect<A, GpuError>, signal: AbortSignal | undefined) => Promise<A>

/** A signal of another realm (a frame, a worker, jsdom) is no instance of this one's class. */
const isSignal = (value: unknown): value is AbortSignal =>
  typeof value === "object" &&
  value !== null &&
  "aborted" in value &&
  "addEventListener" in value &&
  typeof value.addEventListener === "function"

const hasSignal = (value: unknown): value is { readonly signal: unknown } =>
  typeof value === "object" && value !== null && "signal" in value

/** The signal among options, for a function that callers use; throws `InvalidRequest` to them for anything else. */
export const signalOf = (options: unknown, call: (...args: never[]) => unknown): AbortSignal | undefined => {
  const signal = hasSignal(options) ? options.signal : undefined
  if (signal === undefined || isSignal(signal)) return signal
  throw thrownBy(call, InvalidRequest.of("signal", "must be an AbortSignal"))
}

/** Takes the signal out of the last argument, in any place; undefined counts as no signal. */
const takeSignal = (
  args: ReadonlyArray<unknown>,
  call: (...args: never[]) => unknown
): [ReadonlyArray<unknown>, AbortSignal | undefined] => {
  const last = args.at(-1)
  if (!hasSignal(last)) return [args, undefined]
  const { signal: _, ...rest } = last
  const signal = signalOf(last, call)
  return [Object.keys(rest).length > 0 ? [...args.slice(0, -1), rest] : args.slice(0, -1), signal]
}

/** What an aborted signal was aborted with. */
export const reasonOf = (signal: AbortSignal): unknown =>
  signal.reason ?? new DOMException("This operation was aborted", "AbortError")

const isOwn = (signal: AbortSignal): boolean => signal instanceof AbortSignal

/** The signal itself, or one of this realm that follows it: a foreign one may lack what is not in every version. */
const followed = (signal: AbortSignal): { readonly signal: AbortSignal; readonly leave: () => void } => {
  if (isOwn(signal)) return { signal, leave: () => {} }
  const own = new AbortController()
  const abort = () => own.abort(reasonOf(signal))
  signal.addEventListener("abort", abort, { once: true })
  return { signal: own.signal, leave: () => signal.removeEventListener?.("abort", abort) }
}

/** An error of the catalogue as it is; anything else is a fault of this package, and says so. */
export const asOwn = (error: unknown): unknown =>
  isGpuError(error) ? error : new Error("anygpu failed as it never should; please report it", { cause: error })

/** What a failed call rejects with: its error, or the reason of the signal that stopped it. */
const rejectionOf = (
  cause: Cause.Cause<GpuError>,
  left: ReadonlyArray<GpuError>,
  signal: AbortSignal | undefined
): unknown => {
  if (Cause.hasInterrupts(cause) && signal?.aborted) {
    const [first, ...others] = left
    return first ? mergeErrors(first, others) : reasonOf(signal)
  }
  return asOwn(Cause.squash(cause))
}

/** Runs on a clock, and turns outcomes into what a Promise can say: the error itself, or the signal's reason. */
export const runner = (clock?: PlainClock): Run => {
  const context = clock ? Context.make(Clock.Clock, clockFrom(clock)) : Context.empty()
  return (effect, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) throw reasonOf(signal)
      const follow = signal && followed(signal)
      const left: GpuError[] = []
      // Only who can be stopped has to hear what a stopped call left behind.
      const heard = signal ? Context.add(context, LeftoverReporter, (error) => void left.push(error)) : context
      Effect.runForkWith(heard)(effect, follow && { signal: follow.signal }).addObserver((exit) => {
        follow?.leave()
        if (Exit.isSuccess(exit)) resolve(exit.value)
        else reject(rejectionOf(exit.cause, left, signal))
      })
    })
}

/** Wraps each operation of an interface; see {@link Promised}. */
export const promised = <Ops extends object>(ops: Ops, run: Run): Promised<Ops> =>
  mapOperations(ops, (operation) => {
    const call = (...given: ReadonlyArray<unknown>): Promise<unknown> => {
      const place = placeOfCall(call)
      const rejected = (error: unknown) => Promise.reject(forCaller(error, place))
      try {
        const [args, signal] = takeSignal(given, call)
        return run(
          Effect.suspend(() => operation(...args) as Effect.Effect<unknown, GpuError>),
          signal
        ).catch(rejected)
      } catch (error) {
        return rejected(error)
      }
    }
    return call
  }) as Promised<Ops>
