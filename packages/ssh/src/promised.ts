import { forCaller, type GpuError, placeOfCall } from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** What every call of Promises takes. */
export interface CallOptions {
  /** Stops the call when it is aborted, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

type Called = (...args: never[]) => unknown

/** Runs an Effect for a caller of Promises; errors begin at the line that called `call`. */
export const run = async <A>(
  effect: Effect.Effect<A, GpuError>,
  call: Called,
  { signal }: CallOptions = {}
): Promise<A> => {
  const place = placeOfCall(call)
  signal?.throwIfAborted()
  const exit = await Effect.runPromiseExit(effect, signal && { signal })
  if (Exit.isSuccess(exit)) return exit.value
  if (Cause.hasInterrupts(exit.cause)) signal?.throwIfAborted()
  throw forCaller(Cause.squash(exit.cause), place)
}

/** Something that is open, and its end. */
export interface Held<A> {
  readonly value: A
  readonly close: () => Promise<void>
}

/** Opens what a scope would close, for a caller who closes it himself; what fails to open leaves nothing open. */
export const hold = async <A>(
  effect: Effect.Effect<A, GpuError, Scope.Scope>,
  call: Called,
  options: CallOptions = {}
): Promise<Held<A>> => {
  const scope = Scope.makeUnsafe()
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))
  try {
    return { value: await run(Scope.provide(effect, scope), call, options), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A stream for `for await`; what it fails with is an error of the catalogue. */
export const iterable = <A>(stream: Stream.Stream<A, GpuError>): AsyncIterable<A> => Stream.toAsyncIterable(stream)
