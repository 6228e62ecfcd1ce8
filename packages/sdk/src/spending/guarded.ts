import {
  Aftermath,
  type AnyProvider,
  checkSpecShape,
  compareAtPar,
  type GpuError,
  isGpuError,
  type Money,
  OutOfFunds
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { costOf } from "../compare/job.ts"
import type { Spending } from "./spending.ts"

/** What the whole job costs for which a machine is launched; null where no job is named. */
export const JobTotal = Context.Reference<Money | null>("anygpu/JobTotal", { defaultValue: () => null })

const lower = (own: Money | undefined, most: Money): Money => (own && compareAtPar(own, most) < 0 ? own : most)

/**
 * The same provider, whose launches together stay within what a client may spend.
 *
 * - Money is set aside before a launch, with its disk and its bid, and given back when it made nothing. What may have
 *   made a machine keeps it, until the machine is ended or `recover` finds that there is none.
 * - A machine that turns out dearer than its offer, and would pass the limit, is ended again like one above `maxPerHour`.
 */
export const guarded = (provider: AnyProvider, spending: Spending): AnyProvider => ({
  ...provider,
  launch: (spec) =>
    Effect.gen(function* () {
      yield* checkSpecShape(spec)
      const { perHour, total } = costOf(spec, spec.ttl === undefined ? null : { duration: spec.ttl })
      const reserved = spending.reserve({ perHour, total: (yield* JobTotal) ?? total })
      if (reserved instanceof OutOfFunds) return yield* reserved
      const tell = yield* Aftermath
      const told: GpuError[] = []
      const within = reserved.most ? { ...spec, maxPerHour: lower(spec.maxPerHour, reserved.most) } : spec
      const heard = Effect.provideService(provider.launch(within), Aftermath, (error) => {
        told.push(error)
        tell(error)
      })
      return yield* Effect.onExit(heard, (exit) =>
        Effect.sync(() => {
          if (Exit.isSuccess(exit)) return reserved.made(exit.value.ref, exit.value.price)
          const error: unknown = Cause.squash(exit.cause)
          reserved.failed(isGpuError(error) ? [...told, error] : told)
        })
      )
    }),
  terminate: (ref, options) =>
    provider.terminate(ref, options).pipe(Effect.tap(() => Effect.sync(() => spending.ended(ref)))),
  recover: () => provider.recover().pipe(Effect.tap((recovery) => Effect.sync(() => spending.settled(recovery))))
})
