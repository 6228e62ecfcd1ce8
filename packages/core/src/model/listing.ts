import type * as DateTime from "effect/DateTime"
import type { GpuError } from "../errors.ts"
import type { Kind } from "./kind.ts"

/** A part of a list that could not be had, and why. */
export interface Problem {
  readonly provider: string
  readonly kind?: Kind
  /** What is missing: a page, a row, the whole answer. */
  readonly part: string
  /** The id in a row that cannot be read otherwise, where at least that can: so that it stands for no other machine. */
  readonly id?: string
  readonly error: GpuError
}

/**
 * What came of a list, and whether it is everything. Iterate it directly.
 *
 * - `complete: false` means that something is missing, and `problems` says what: unreadable never looks like empty.
 * - Nothing destructive is decided on an incomplete listing.
 * - `leftOut` counts what the cloud sent and a filter left out, by the first filter that did; what a cloud that filters
 *   itself did not send is not counted.
 */
export class Listing<A> implements Iterable<A> {
  readonly items: ReadonlyArray<A>
  readonly complete: boolean
  readonly observedAt: DateTime.Utc
  readonly problems: ReadonlyArray<Problem>
  readonly leftOut: Readonly<Record<string, number>>

  constructor(fields: {
    readonly items: ReadonlyArray<A>
    readonly complete: boolean
    readonly observedAt: DateTime.Utc
    readonly problems: ReadonlyArray<Problem>
    readonly leftOut?: Readonly<Record<string, number>>
  }) {
    this.items = fields.items
    this.complete = fields.complete
    this.observedAt = fields.observedAt
    this.problems = fields.problems
    this.leftOut = fields.leftOut ?? {}
  }

  [Symbol.iterator](): Iterator<A> {
    return this.items[Symbol.iterator]()
  }

  /** The same listing with other items: completeness and problems stay, and what was left out unless given anew. */
  with<B>(items: ReadonlyArray<B>, leftOut: Readonly<Record<string, number>> = this.leftOut): Listing<B> {
    const { complete, observedAt, problems } = this
    return new Listing({ items, complete, observedAt, problems, leftOut })
  }

  /** Several listings as one: complete when all are, observed when the oldest was. */
  static merge<A>(listings: ReadonlyArray<Listing<A>>, now: DateTime.Utc): Listing<A> {
    const oldest = listings.reduce(
      (at, listing) => (listing.observedAt.epochMilliseconds < at.epochMilliseconds ? listing.observedAt : at),
      now
    )
    const leftOut: Record<string, number> = {}
    for (const listing of listings) {
      for (const [rule, count] of Object.entries(listing.leftOut)) leftOut[rule] = (leftOut[rule] ?? 0) + count
    }
    return new Listing({
      items: listings.flatMap((listing) => listing.items),
      complete: listings.every((listing) => listing.complete),
      observedAt: oldest,
      problems: listings.flatMap((listing) => listing.problems),
      leftOut
    })
  }
}
