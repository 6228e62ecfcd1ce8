import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Urgency } from "../adapter/limiter.ts"
import { type GpuError, mayHaveTakenEffect, Timeout } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { Kind } from "../model/kind.ts"
import type { InstanceRef } from "../model/ref.ts"
import type { AnyDefinition, Observer } from "./observe.ts"
import type { TerminateOptions, Termination } from "./ops.ts"

/**
 * Ends a machine and looks until it is gone: asks, reads, and asks again while it is still there.
 *
 * A cloud's "destroyed" is a claim. A read that fails is not absence.
 */
export const terminator = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { look, refOf }: Observer<P, K, N>
) =>
  Effect.fnUntraced(
    function* (ref: InstanceRef<P, K>, options: TerminateOptions = {}): Effect.fn.Return<Termination<P, K>, GpuError> {
      const ledger = yield* CurrentLedger
      const start = yield* Clock.currentTimeMillis
      const within = Duration.fromInputUnsafe(options.within ?? definition.timing.terminateWithin)
      const patient = (options.ifBusy ?? "wait") === "wait"
      const before = yield* Effect.map(ledger.machine(ref), (known) => known?.intent ?? null).pipe(
        Effect.catch(() => Effect.succeed(null))
      )
      // A ledger that cannot be written must not keep anybody from ending what costs money.
      if (before?.action !== "terminate") yield* Effect.ignore(ledger.intend(ref, { action: "terminate", at: start }))
      const takeBack = Effect.ignore(ledger.intend(ref, before))
      for (let attempt = 1; ; attempt++) {
        const asked = yield* definition.destroy(ref.id).pipe(
          Effect.as("asked" as const),
          Effect.catchTag("NotFound", () => Effect.succeed("missing" as const)),
          Effect.catchTag("Conflict", (busy) => (patient ? Effect.succeed("busy" as const) : Effect.fail(busy))),
          Effect.tapError((error) => (attempt === 1 && !mayHaveTakenEffect(error) ? takeBack : Effect.void))
        )
        const left = yield* look(ref.id)
        const now = yield* Clock.currentTimeMillis
        if (left === null || left.instance.status === "terminated") {
          const unwritten = yield* ledger.gone(refOf(ref.id), now).pipe(
            Effect.as([]),
            Effect.catch((fault) => Effect.succeed([`the ledger could not note its end: ${fault.message}`]))
          )
          const leftovers = definition.leftovers ? yield* definition.leftovers(ref.id) : []
          return {
            ref,
            alreadyGone: attempt === 1 && asked === "missing",
            leftovers: [...leftovers, ...unwritten],
            observedAt: DateTime.makeUnsafe(now)
          }
        }
        if (now - start >= Duration.toMillis(within)) {
          return yield* new Timeout({
            message:
              `${ref} is still ${left.instance.status} after ${Duration.format(within)} of asking for its end; ` +
              `it may still cost money. Call terminate again, or end it in the console`,
            retry: "temporary",
            after: within,
            ref,
            leftovers: [ref]
          })
        }
        yield* Effect.sleep(definition.timing.pollEvery)
      }
    },
    Effect.provideService(Urgency, "urgent")
  )
