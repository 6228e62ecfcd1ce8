import {
  CurrentLedger,
  clockFrom,
  forCaller,
  type GpuError,
  type Ledger,
  type PlainClock,
  placeOfCall
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Stream from "effect/Stream"
import { asOwn, reasonOf } from "../client/promised.ts"

/** What a stream runs on outside of Effect, and what ends it. */
export interface IterateOptions {
  /** Replaces real time. */
  readonly clock?: PlainClock | undefined
  /** Replaces the ledger of the process. */
  readonly ledger?: Ledger | undefined
  /** Ends every iteration when it is aborted: the step under way, or the next one, rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** One iteration that a signal can end; steps that are asked for at once are taken one after the other. */
const iteration = <A>(source: AsyncIterator<A>, signal: AbortSignal | undefined, place: Error): AsyncIterator<A> => {
  const done: IteratorResult<A> = { done: true, value: undefined }
  let isOver = false
  let last: Promise<unknown> = Promise.resolve()

  /** What fails while it stops is the error of the step under way. */
  const abort = () => void source.return?.().catch(() => {})

  const end = async (): Promise<IteratorResult<A>> => {
    isOver = true
    signal?.removeEventListener("abort", abort)
    await source.return?.()
    return done
  }

  const step = async (): Promise<IteratorResult<A>> => {
    if (isOver) return done
    signal?.addEventListener("abort", abort, { once: true })
    try {
      const result = signal?.aborted ? done : await source.next()
      if (isOver) return done
      if (signal?.aborted) throw reasonOf(signal)
      if (result.done) await end()
      return result
    } catch (error) {
      await end()
      throw signal?.aborted ? reasonOf(signal) : forCaller(asOwn(error), place)
    }
  }

  return {
    next: () => {
      const next = last.then(step)
      last = next.catch(() => {})
      return next
    },
    return: end
  }
}

/**
 * A stream for `for await`: it runs while somebody iterates, and not before.
 *
 * - `break`, `return`, an error in the loop and an abort stop it at once: nothing of it goes on, and no timer is left.
 * - Errors are the classes of the error catalogue; after one the iteration is over.
 * - Each iteration starts the stream again.
 */
export const iterate = <A>(
  stream: Stream.Stream<A, GpuError>,
  { clock, ledger, signal }: IterateOptions = {}
): AsyncIterable<A> => {
  const timed = clock ? Stream.provideService(stream, Clock.Clock, clockFrom(clock)) : stream
  const remembered = ledger ? Stream.provideService(timed, CurrentLedger, ledger) : timed
  const source = Stream.toAsyncIterable(remembered)
  const begin = (): AsyncIterator<A> => iteration(source[Symbol.asyncIterator](), signal, placeOfCall(begin))
  return { [Symbol.asyncIterator]: begin }
}
