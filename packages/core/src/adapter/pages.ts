import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type GpuError, ProviderFault } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import { Listing, type Problem } from "../model/listing.ts"
import { cloudTime } from "./answer-time.ts"

/** Pages of one list: at Vast's 25 machines a page, 50,000 machines. */
export const mostPages = 2_000

/** How long a cloud may take for one list, turns of this client's own rate limits apart, before it is one without an end. */
export const longestList: Duration.Duration = Duration.minutes(5)

/** One page of a list, understood. */
export interface Page<A> {
  /** Each row under what makes two rows one. */
  readonly rows: Iterable<readonly [key: string | number, row: A]>
  readonly problems: ReadonlyArray<Problem>
  /** By what the page after this one is asked for; undefined where the cloud names none. */
  readonly next: string | undefined
  /** Whether the cloud announces more rows than so many, where it names no further page. */
  readonly announces: (shown: number) => boolean
}

/** A list that comes in pages. */
export interface Paged<A> {
  readonly provider: string
  readonly kind?: Kind
  readonly operation: string
  /** What its errors call the cloud: `Vast`. */
  readonly cloud: string
  /** What the rows are, for people: `machines`. */
  readonly part: string
  /** Asks for the page of a token, the first one without, and reads it. */
  readonly page: (token: string | undefined, number: number) => Effect.Effect<Page<A>, GpuError>
}

/** Why the page after this one is not asked for though the list may go on; null to go on. */
const endOf = (
  { cloud, part }: Pick<Paged<unknown>, "cloud" | "part">,
  {
    number,
    found,
    tokens,
    isNew,
    next,
    millis
  }: {
    readonly number: number
    readonly found: number
    readonly tokens: ReadonlySet<string>
    readonly isNew: boolean
    readonly next: string | undefined
    readonly millis: number
  }
): string | null => {
  if (next !== undefined && tokens.has(next)) {
    return `${cloud} names page ${number + 1} of the ${part} by the token of an earlier page: the rest is unknown`
  }
  if (next === undefined || !isNew) {
    return `${cloud} says that there are more ${part} than the ${found} that it showed: the rest is unknown`
  }
  if (number >= mostPages) return `The ${part} of ${cloud} had no end after ${mostPages} pages: the rest is unknown`
  if (millis < Duration.toMillis(longestList)) return null
  return `The ${part} of ${cloud} had no end after ${Duration.format(longestList)}: the rest is unknown`
}

/**
 * Every row of a list once, page by page, as old as the asking for the first one.
 *
 * - Fails when the first page does. A later one that fails ends the list, and is said.
 * - A row that moved between two pages while they were read comes twice on the wire, and counts once.
 * - What the cloud announces and does not show is said, and so is a list without an end: a token that comes again, a page
 *   that brings nothing new and names another one, more than {@link mostPages} or {@link longestList}.
 */
export const allPages = Effect.fnUntraced(function* <A>(paged: Paged<A>): Effect.fn.Return<Listing<A>, GpuError> {
  const { provider, kind, operation, part } = paged
  const place = { provider, ...(kind && { kind }) }
  const observedAt = yield* DateTime.now
  const { counted, taken } = yield* cloudTime
  const found = new Map<string | number, A>()
  const problems: Problem[] = []
  let lost = 0
  const tokens = new Set<string>()
  let token: string | undefined
  for (let number = 1; ; number++) {
    const answer = yield* Effect.result(counted(paged.page(token, number)))
    if (answer._tag === "Failure") {
      if (number === 1) return yield* Effect.fail(answer.failure)
      problems.push({ ...place, part: `page ${number} of the ${part}`, error: answer.failure })
      break
    }
    const { rows, problems: bad, next, announces } = answer.success
    const before = found.size
    for (const [key, row] of rows) found.set(key, row)
    problems.push(...bad)
    lost += bad.filter(({ field }) => field === undefined).length
    if (next === undefined && !announces(found.size + lost)) break
    const isNew = found.size > before || bad.length > 0
    const message = endOf(paged, { number, found: found.size, tokens, isNew, next, millis: taken() })
    if (message !== null) {
      const error = new ProviderFault({ message, retry: "temporary", ...place, operation })
      problems.push({ ...place, part: `page ${number + 1} of the ${part}`, error })
      break
    }
    if (next !== undefined) tokens.add(next)
    token = next
  }
  return Listing.read({ items: [...found.values()], observedAt, problems })
})
