import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Conflict, type GpuError, InvalidRequest } from "../errors.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import { compareMoney, formatMoney, type Money } from "../model/money.ts"
import type { InstanceRef } from "../model/ref.ts"
import { type Acting, change } from "./acting.ts"
import type { Operations } from "./definition.ts"
import type { CloudEnd } from "./ops.ts"

/** So long after a lease's end the cloud ends a machine itself: its holder, and a sweep, come first. */
const grace = 300_000

/** When a cloud that can shall end a machine itself that is leased until a moment; null for one that is rented for good. */
export const cloudEndOf = (leaseUntil: number | null): CloudEnd | null =>
  leaseUntil === null ? null : { at: new Date(Math.ceil((leaseUntil + grace) / 1000) * 1000) }

const isSame = (a: Money | null, b: Money | null): boolean =>
  a === null || b === null ? a === b : a.currency === b.currency && compareMoney(a, b) === 0

/** Whether a machine, as it was read, ends as it was asked to: to the second, and to the amount. */
export const endsAs = ({ endsAt, endsWhenSpent = null }: Instance, end: CloudEnd | null): boolean => {
  if (end === null) return endsAt === null && endsWhenSpent === null
  const isTime = endsAt !== null && Math.abs(endsAt.epochMilliseconds - end.at.getTime()) < 1000
  return isTime && isSame(endsWhenSpent, end.spent ?? null)
}

const inWords = (end: CloudEnd | null): string =>
  end === null ? "no end" : `${end.at.toISOString()}${end.spent ? ` or ${formatMoney(end.spent)}` : ""}`

const notSet = (
  { definition }: { readonly definition: { readonly provider: string } },
  ref: InstanceRef,
  end: CloudEnd | null
) =>
  new Conflict({
    message:
      `${definition.provider} took ${inWords(end)} for ${ref}, and shows something else: it is not known when it ends ` +
      "by itself; look at endsAt, and end it yourself",
    retry: "temporary",
    ref
  })

/**
 * Has the cloud end a machine itself, and reads back whether it will.
 *
 * - A second attempt removes first what was there: whether a cloud merges what it is told, or replaces it, differs.
 */
export const scheduleEnd = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Acting<P, K, N>,
  ref: InstanceRef<P, K>,
  end: CloudEnd | null,
  call: Operations<N>["scheduleEnd"]
): Effect.fn.Return<Instance<P, K>, GpuError> {
  if (end !== null && end.at.getTime() <= (yield* Clock.currentTimeMillis)) {
    return yield* InvalidRequest.of("end.at", "is over: give a moment that is to come, or terminate the machine")
  }
  const set = (to: CloudEnd | null) => change(on, "scheduleEnd", ref, undefined, (target) => call(target, to))
  const first = yield* set(end)
  if (endsAs(first, end)) return first
  if (end !== null) yield* set(null)
  const second = yield* set(end)
  return endsAs(second, end) ? second : yield* notSet(on, ref, end)
})
