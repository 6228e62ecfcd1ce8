import { CurrentLedger, type LaunchOptions, type Money, monotonicMillis } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { Priced } from "../cost/launch-cost.ts"
import type { Search } from "./search.ts"

/** A machine of a launch that is being made, or boots. */
export interface Boot {
  readonly spec: Priced & Partial<Pick<LaunchOptions, "sshKeys">>
  /** The moment from which it may cost money, in epoch milliseconds: before its request left at first. */
  from: number
  /** What it costs per hour, once its cloud says so. */
  price: Money | null
}

/**
 * Lets a boot begin when the request of its machine left, by the ledger: a process that was frozen before that paid for
 * nothing.
 *
 * - It stays as it is where the ledger does not know.
 */
export const begunWhenSent = (search: Search, boot: Boot, marker: string | null): Effect.Effect<void> =>
  Effect.gen(function* () {
    if (marker === null) return
    const ledger = yield* CurrentLedger
    const [record] = yield* ledger.launches({ marker })
    if (record?.monotonicAt === undefined || record.sentAfter === null) return
    const since = (yield* monotonicMillis) - (record.monotonicAt + record.sentAfter)
    boot.from = Math.max(boot.from, (yield* search.now) - Math.max(0, since))
  }).pipe(Effect.ignore)
