import type * as DateTime from "effect/DateTime"
import type { GpuError } from "../errors.ts"
import type { Kind } from "./kind.ts"

/** A part of a list that could not be had, and why. */
export interface Problem {
  readonly provider: string
  readonly kind?: Kind
  /** What is missing: a page, a row, the whole answer. */
  readonly part: string
  readonly error: GpuError
}

/**
 * What came of a list, and whether it is everything. Iterate it directly.
 *
 * - `complete: false` means that something is missing, and `problems` says what: unreadable never looks like empty.
 * - Nothing destructive is decided on an incomplete listing.
 */
export class Listing<A> implements Iterable<A> {
  readonly items: ReadonlyArray<A>
  readonly complete: boolean
  readonly observedAt: DateTime.Utc
  readonly problems: ReadonlyArray<Problem>

  constructor(fields: {
    readonly items: ReadonlyArray<A>
    readonly complete: boolean
    readonly observedAt: DateTime.Utc
    readonly problems: ReadonlyArray<Problem>
  }) {
    this.items = fields.items
    this.complete = fields.complete
    this.observedAt = fields.observedAt
    this.problems = fields.problems
  }

  [Symbol.iterator](): Iterator<A> {
    return this.items[Symbol.iterator]()
  }

  /** The same listing with other items: completeness and problems stay. */
  with<B>(items: ReadonlyArray<B>): Listing<B> {
    return new Listing({ items, complete: this.complete, observedAt: this.observedAt, problems: this.problems })
  }

  /** Several listings as one: complete when all are, observed when the oldest was. */
  static merge<A>(listings: ReadonlyArray<Listing<A>>, now: DateTime.Utc): Listing<A> {
    const oldest = listings.reduce(
      (at, listing) => (listing.observedAt.epochMilliseconds < at.epochMilliseconds ? listing.observedAt : at),
      now
    )
    return new Listing({
      items: listings.flatMap((listing) => listing.items),
      complete: listings.every((listing) => listing.complete),
      observedAt: oldest,
      problems: listings.flatMap((listing) => listing.problems)
    })
  }
}
