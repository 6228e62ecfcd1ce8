import { CurrentLedger, clockFrom, type GpuError, isGpuError, type Ledger, memoryLedger } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { VirtualTime } from "./harness.ts"

/** What the tests of one adapter run its effects with: a time that only moves when everything waits, and a ledger. */
export interface AdapterContext {
  readonly ledger: Ledger
  /** Runs; rejects with whatever it fails with. */
  run<A>(effect: Effect.Effect<A, unknown>): Promise<A>
  /** Runs to an error of ours and answers it; rejects when the effect succeeds or fails with another one. */
  fails(effect: Effect.Effect<unknown, GpuError>): Promise<GpuError>
  /** Lets so many milliseconds pass. */
  pass(ms: number): Promise<void>
}

/** A context on a time, such as a clock of `@anygpu/simulators`; with a ledger of its own in memory. */
export const adapterContext = (time: VirtualTime): AdapterContext => {
  const ledger = memoryLedger()
  const clock = clockFrom(time)
  const run: AdapterContext["run"] = (effect) =>
    Effect.runPromise(
      effect.pipe(Effect.provideService(Clock.Clock, clock), Effect.provideService(CurrentLedger, ledger))
    )
  return {
    ledger,
    run,
    fails: async (effect) => {
      const error = await run(Effect.flip(effect))
      if (!isGpuError(error)) throw error
      return error
    },
    pass: (ms) => run(Effect.sleep(ms))
  }
}
