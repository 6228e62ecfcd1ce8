import {
  type BillingInterval,
  type GpuError,
  hasTags,
  type InstanceRef,
  InvalidRequest,
  type LaunchRecord,
  type Ledger,
  type Money,
  shape,
  sumsOf,
  type Tags,
  tagIssues,
  tagTexts,
  toRef
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { refOf } from "../upkeep/leased.ts"
import { costWithin, daysOf, type SpanCost } from "./interval-cost.ts"

/** How what was spent is grouped. */
export const spentBy = ["machine", "cloud", "gpu", "day", "tag", "owner", "account"] as const

/** One of {@link spentBy}. */
export type SpentBy = (typeof spentBy)[number]

/** What of the past is asked for. */
export interface SpentRequest {
  /** From when on: all that the ledger knows by default. */
  readonly from?: DateTime.DateTime.Input
  /** Until when: now by default. */
  readonly to?: DateTime.DateTime.Input
  /**
   * `machine` by default. Days are those of UTC.
   *
   * - By `tag`, a machine with several tags stands in the row of each: the rows come to more than the total then.
   */
  readonly by?: SpentBy
  /** Only these machines: refs, or their texts. */
  readonly machines?: ReadonlyArray<InstanceRef | string>
  /** Only machines whose launches have all of these tags. */
  readonly tags?: Tags
}

/** What one machine, cloud, GPU, day, tag or owner has cost. */
export interface SpentRow {
  /** The machine's ref, the cloud's name, such as `2x H100 SXM`, `2026-11-30`, `team=nlp` `no tag` or `vast team`, an account by its name. */
  readonly of: string
  /** One amount for each currency. */
  readonly cost: ReadonlyArray<Money>
  /** For how long machines were paid for, added up. */
  readonly paid: Duration.Duration
  /** How much of that nobody looked: they are taken to have cost what they cost before. */
  readonly unobserved: Duration.Duration
  /** How much of that has a price that is not known, and is in no amount: of stopped machines, say. */
  readonly unpriced: Duration.Duration
}

/** What one machine has cost. */
export type SpentSum = Omit<SpentRow, "of">

/**
 * What machines have cost, by what was seen of them.
 *
 * - An estimate: the price per hour at each look, for the time until the next one. Minimum charges, begun hours, traffic and
 *   taxes are not in it; the cloud's own invoice is.
 */
export interface Spent {
  readonly by: SpentBy
  /** Null where it goes back as far as the ledger. */
  readonly from: DateTime.Utc | null
  readonly to: DateTime.Utc
  /** The dearest first; days in their order. */
  readonly rows: ReadonlyArray<SpentRow>
  readonly total: SpentSum
}

const machine = shape.object("a machine's ref or its text", { provider: shape.text, kind: shape.text, id: shape.text })

const requestShape = shape.argument({
  from: shape.optional(shape.moment),
  to: shape.optional(shape.moment),
  by: shape.optional(shape.oneOf(...spentBy)),
  machines: shape.optional(
    shape.listOf("machines", (path, value) => (typeof value === "string" ? [] : machine(path, value)))
  ),
  tags: shape.optional(shape.anyFields)
})

/** A part of what was spent, and the launch of its machine; null where this ledger did not launch it. */
interface Part extends SpanCost {
  readonly launch: LaunchRecord | null
}

/** What a part counts under: several tags, or one of anything else. */
const wordsOf: Readonly<Record<SpentBy, (part: Part) => string | ReadonlyArray<string>>> = {
  machine: ({ interval }) => interval.ref.toString(),
  cloud: ({ interval }) => interval.ref.provider,
  gpu: ({ interval }) => interval.gpu ?? "no GPU",
  day: ({ from }) => new Date(from).toISOString().slice(0, 10),
  tag: ({ launch }) => (Object.keys(launch?.tags ?? {}).length > 0 ? tagTexts(launch?.tags) : "no tag"),
  owner: ({ launch }) => launch?.ownedBy ?? "no owner",
  account: ({ launch, interval }) =>
    launch?.accountName === undefined ? interval.ref.provider : `${interval.ref.provider} ${launch.accountName}`
}

const sumOf = (parts: ReadonlyArray<SpanCost>): SpentSum => {
  const millis = (some: (part: SpanCost) => number) => Duration.millis(parts.reduce((sum, part) => sum + some(part), 0))
  return {
    cost: sumsOf(parts.flatMap(({ cost }) => cost ?? [])),
    paid: millis(({ from, to }) => to - from),
    unobserved: millis(({ unobserved }) => unobserved),
    unpriced: millis(({ from, to, cost }) => (cost === null ? to - from : 0))
  }
}

const amountOf = ({ cost }: SpentRow): number => cost.reduce((sum, { micros }) => sum + micros, 0)

const rowsOf = (parts: ReadonlyArray<Part>, by: SpentBy): ReadonlyArray<SpentRow> => {
  const named = parts.flatMap((part) => [wordsOf[by](part)].flat().map((of) => ({ of, part })))
  const groups = Map.groupBy(named, ({ of }) => of)
  const rows = Array.from(groups, ([of, some]): SpentRow => ({ of, ...sumOf(some.map(({ part }) => part)) }))
  return by === "day"
    ? rows.sort((a, b) => (a.of < b.of ? -1 : 1))
    : rows.sort((a, b) => amountOf(b) - amountOf(a) || (a.of < b.of ? -1 : 1))
}

const momentOf = (input: DateTime.DateTime.Input | undefined): DateTime.Utc | null =>
  input === undefined ? null : DateTime.toUtc(DateTime.makeUnsafe(input))

const spansOf = (
  interval: BillingInterval,
  from: number,
  to: number,
  by: SpentBy,
  now: number
): ReadonlyArray<SpanCost> => {
  const whole = costWithin(interval, { from, to }, now)
  if (whole === null || by !== "day") return whole === null ? [] : [whole]
  return daysOf(whole).flatMap((day) => costWithin(interval, day, now) ?? [])
}

/** The launches by the texts of their machines' refs, where something of them is asked for. */
const launchesFor = Effect.fnUntraced(function* (ledger: Ledger, { by, tags }: SpentRequest) {
  if (by !== "tag" && by !== "owner" && by !== "account" && tags === undefined) return new Map<string, LaunchRecord>()
  const launches = yield* ledger.launches()
  return new Map(
    launches.flatMap((launch) => {
      const ref = refOf(launch)
      return ref === null ? [] : [[String(ref), launch] as const]
    })
  )
})

const refsOf = (machines: SpentRequest["machines"]) =>
  machines === undefined ? Effect.succeed(undefined) : Effect.forEach(machines, (one) => Effect.fromResult(toRef(one)))

/** What machines have cost, by the ledger alone: no cloud is asked. */
export const spentBefore = (ledger: Ledger) =>
  Effect.fnUntraced(function* (request: SpentRequest = {}): Effect.fn.Return<Spent, GpuError> {
    const misshapen = requestShape("request", request)
    const issues = misshapen.length === 0 && request.tags ? tagIssues(request.tags) : misshapen
    if (issues.length > 0) return yield* Effect.fail(InvalidRequest.all(issues))
    const now = yield* Clock.currentTimeMillis
    const from = momentOf(request.from)
    const to = momentOf(request.to) ?? DateTime.makeUnsafe(now)
    if (from !== null && from.epochMilliseconds > to.epochMilliseconds) {
      return yield* Effect.fail(InvalidRequest.of("from", "is later than to: nothing lies between"))
    }
    const { by = "machine" } = request
    const span = { from: from?.epochMilliseconds ?? Number.NEGATIVE_INFINITY, to: to.epochMilliseconds }
    const refs = yield* refsOf(request.machines)
    const intervals = yield* ledger.history({ to: span.to, ...(from && { from: span.from }), ...(refs && { refs }) })
    const launches = yield* launchesFor(ledger, request)
    const parts = intervals.flatMap((interval): ReadonlyArray<Part> => {
      const launch = launches.get(interval.ref.toString()) ?? null
      if (request.tags && !hasTags(launch ?? {}, request.tags)) return []
      return spansOf(interval, span.from, span.to, by, now).map((part) => ({ ...part, launch }))
    })
    return { by, from, to, rows: rowsOf(parts, by), total: sumOf(parts) }
  })
