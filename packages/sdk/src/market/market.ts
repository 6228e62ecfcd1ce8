import {
  type GpuError,
  InvalidRequest,
  kinds,
  type Ledger,
  type MarketHour,
  type PriceChange,
  parseGpu,
  shape
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"

/** A part of the past; all that the ledger knows when empty. */
export interface MarketSpan {
  readonly from?: DateTime.DateTime.Input
  /** Now by default. */
  readonly to?: DateTime.DateTime.Input
}

/** Which prices of the past are asked for. */
export interface MarketRequest extends MarketSpan {
  /** GPU names in any spelling; a family covers its variants. */
  readonly gpu: string | ReadonlyArray<string>
  /** Only these clouds; all of them by default. */
  readonly clouds?: ReadonlyArray<string>
  /** true: what the cloud may take away, false (the default): what it may not. */
  readonly interruptible?: boolean
}

/** What GPUs have cost by the hour, as far as the ledger saw it. */
export interface Market {
  /** The models that were asked for. */
  readonly gpus: ReadonlyArray<string>
  readonly interruptible: boolean
  /** Null where it goes back as far as the ledger. */
  readonly from: DateTime.Utc | null
  readonly to: DateTime.Utc
  /** In the order of time: one row for each hour, cloud, kind, model and currency. Prices are of one GPU. */
  readonly hours: ReadonlyArray<MarketHour & { readonly gpu: string }>
  /** In which hours clouds were looked at: where a cloud is missing, nobody knows what it had. */
  readonly looked: ReadonlyArray<Pick<MarketHour, "provider" | "kind" | "hour">>
}

/** Whose changes of price are asked for. */
export interface PricesRequest extends MarketSpan {
  /** The whole name of an offer: `vast/container/5120042`. */
  readonly offer: string
}

const span = { from: shape.optional(shape.moment), to: shape.optional(shape.moment) }

const marketShape = shape.argument({
  ...{ gpu: shape.textOrTexts, ...span, clouds: shape.optional(shape.texts) },
  interruptible: shape.optional(shape.flag)
})

const pricesShape = shape.argument({ offer: shape.text, ...span })

const momentOf = (input: DateTime.DateTime.Input | undefined): DateTime.Utc | null =>
  input === undefined ? null : DateTime.toUtc(DateTime.makeUnsafe(input))

const spanOf = Effect.fnUntraced(function* (given: MarketSpan) {
  const from = momentOf(given.from)
  const to = momentOf(given.to) ?? DateTime.makeUnsafe(yield* Clock.currentTimeMillis)
  if (from !== null && from.epochMilliseconds > to.epochMilliseconds) {
    return yield* Effect.fail(InvalidRequest.of("from", "is later than to: nothing lies between"))
  }
  // What was seen in this very moment is there as well where nothing is said of the end.
  const query = {
    ...(from && { from: from.epochMilliseconds }),
    ...(given.to !== undefined && { to: to.epochMilliseconds })
  }
  return { from, to, query }
})

/** What GPUs have cost by the hour, by the ledger alone: no cloud is asked. */
export const marketBefore = (ledger: Ledger) =>
  Effect.fnUntraced(function* (request: MarketRequest): Effect.fn.Return<Market, GpuError> {
    const misshapen = marketShape("request", shape.present(request))
    if (misshapen.length > 0) return yield* InvalidRequest.all(misshapen)
    const parsed = [request.gpu].flat().map((name) => parseGpu(name))
    const issues = parsed.flatMap((result) => (Result.isFailure(result) ? result.failure.issues : []))
    if (issues.length > 0 || parsed.length === 0) {
      return yield* parsed.length === 0
        ? InvalidRequest.of("gpu", "is an empty list: name a GPU")
        : InvalidRequest.all(issues)
    }
    const gpus = [...new Set(parsed.flatMap((result) => (Result.isSuccess(result) ? result.success.models : [])))]
    const { from, to, query } = yield* spanOf(request)
    const { interruptible = false, clouds } = request
    const rows = yield* ledger.marketHours({ ...query, gpus })
    const wanted = rows.filter(
      (row) => row.interruptible === interruptible && (clouds === undefined || clouds.includes(row.provider))
    )
    return {
      ...{ gpus, interruptible, from, to },
      hours: wanted.flatMap((row) => (row.gpu === null ? [] : [{ ...row, gpu: row.gpu }])),
      looked: wanted.flatMap(({ gpu, provider, kind, hour }) => (gpu === null ? [{ provider, kind, hour }] : []))
    }
  })

/** What one offer has cost, by the ledger alone. */
export const pricesBefore = (ledger: Ledger) =>
  Effect.fnUntraced(function* (request: PricesRequest): Effect.fn.Return<ReadonlyArray<PriceChange>, GpuError> {
    const misshapen = pricesShape("request", shape.present(request))
    if (misshapen.length > 0) return yield* InvalidRequest.all(misshapen)
    const [, provider = "", word, offer = ""] = /^([^/]+)\/([^/]+)\/(.+)$/.exec(request.offer) ?? []
    const kind = kinds.find((one) => one === word)
    if (kind === undefined) {
      return yield* InvalidRequest.of(
        "offer",
        `"${request.offer}" is no offer's whole name, such as vast/container/5120042`
      )
    }
    const { query } = yield* spanOf(request)
    return yield* ledger.priceChanges({ provider, kind, offer, ...query })
  })
