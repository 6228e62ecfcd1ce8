import {
  Aftermath,
  type AnyProvider,
  checkSpecShape,
  estimate,
  type GpuError,
  type LaunchSpec,
  leavesSomething,
  type Money,
  OutOfFunds
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Spending } from "./spending.ts"

/** What the whole job costs for which a machine is launched; null where no job is named. */
export const JobTotal = Context.Reference<Money | null>("anygpu/JobTotal", { defaultValue: () => null })

/** What a launch for a limited time costs in all; null for one without an end. */
const totalOf = ({ offer, ttl, diskMiB }: LaunchSpec): Money | null =>
  ttl === undefined
    ? null
    : (estimate(offer, { duration: ttl, ...(diskMiB !== undefined && { storageMiB: diskMiB }) })?.total ?? null)

const leftIn = (cause: Cause.Cause<GpuError>): boolean => {
  const error: unknown = Cause.squash(cause)
  return error instanceof Error && leavesSomething(error as GpuError)
}

/**
 * The same provider, whose launches together stay within what a client may spend.
 *
 * - Money is set aside before a launch and given back when it made nothing. What may have made a machine keeps it.
 */
export const guarded = (provider: AnyProvider, spending: Spending): AnyProvider => ({
  ...provider,
  launch: (spec) =>
    Effect.gen(function* () {
      yield* checkSpecShape(spec)
      const reserved = spending.reserve({ perHour: spec.offer.price, total: (yield* JobTotal) ?? totalOf(spec) })
      if (reserved instanceof OutOfFunds) return yield* reserved
      const tell = yield* Aftermath
      let left = false
      const heard = Effect.provideService(provider.launch(spec), Aftermath, (error) => {
        left = true
        tell(error)
      })
      return yield* Effect.onExit(heard, (exit) =>
        Effect.sync(() => {
          if (Exit.isSuccess(exit)) reserved.made(exit.value.ref)
          else if (!left && !leftIn(exit.cause)) reserved.release()
        })
      )
    }),
  terminate: (ref, options) =>
    provider.terminate(ref, options).pipe(Effect.tap(() => Effect.sync(() => spending.ended(ref))))
})
