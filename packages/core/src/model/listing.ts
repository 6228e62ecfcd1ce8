import type * as DateTime from "effect/DateTime"
import type { GpuError } from "../errors.ts"
import type { Kind } from "./kind.ts"

/** A part of a list that could not be had, and why. */
export interface Problem {
  readonly provider: string
  readonly kind?: Kind
  /** What is missing: a page, a row, a field of one, the whole answer. */
  readonly part: string
  /** The id of the row that it is about, where that can be read: so that it stands for no other machine. */
  readonly id?: string
  /**
   * The field that could not be read, as its path in a row that is there all the same: its value is unknown, and
   * nothing is missing from the list.
   */
  readonly field?: string
  readonly error: GpuError
}

/**
 * What came of a list, and whether it is everything. Iterate it directly.
 *
 * - `complete: false` means that something is missing, and `problems` says what: unreadable never looks like empty. A
 *   row of which a field cannot be read is there: it is a problem, and the list is complete.
 * - Nothing destructive is decided on an incomplete listing.
 * - `excluded` counts what the cloud sent and a filter left out, by the first filter that did; what a cloud that
 *   filters itself did not send is not counted.
 */
export class Listing<A> implements Iterable<A> {
  readonly items: ReadonlyArray<A>
  readonly complete: boolean
  readonly observedAt: DateTime.Utc
  readonly problems: ReadonlyArray<Problem>
  readonly excluded: Readonly<Record<string, number>>

  constructor(fields: {
    readonly items: ReadonlyArray<A>
    readonly complete: boolean
    readonly observedAt: DateTime.Utc
    readonly problems: ReadonlyArray<Problem>
    readonly excluded?: Readonly<Record<string, number>>
  }) {
    this.items = fields.items
    this.complete = fields.complete
    this.observedAt = fields.observedAt
    this.problems = fields.problems
    this.excluded = fields.excluded ?? {}
  }

  /** What was read: complete unless a problem is about more than a field of a row that is there. */
  static read<A>(read: {
    readonly items: ReadonlyArray<A>
    readonly observedAt: DateTime.Utc
    readonly problems: ReadonlyArray<Problem>
  }): Listing<A> {
    return new Listing({ ...read, complete: read.problems.every(({ field }) => field !== undefined) })
  }

  [Symbol.iterator](): Iterator<A> {
    return this.items[Symbol.iterator]()
  }

  /** The same listing with other items: completeness and problems stay, and `excluded` unless a new one is given. */
  with<B>(items: ReadonlyArray<B>, excluded: Readonly<Record<string, number>> = this.excluded): Listing<B> {
    const { complete, observedAt, problems } = this
    return new Listing({ items, complete, observedAt, problems, excluded })
  }

  /** Several listings as one: complete when all are, observed when the oldest was. */
  static merge<A>(listings: ReadonlyArray<Listing<A>>, now: DateTime.Utc): Listing<A> {
    const oldest = listings.reduce(
      (at, listing) => (listing.observedAt.epochMilliseconds < at.epochMilliseconds ? listing.observedAt : at),
      now
    )
    const excluded: Record<string, number> = {}
    for (const listing of listings) {
      for (const [rule, count] of Object.entries(listing.excluded)) excluded[rule] = (excluded[rule] ?? 0) + count
    }
    return new Listing({
      items: listings.flatMap((listing) => listing.items),
      complete: listings.every((listing) => listing.complete),
      observedAt: oldest,
      problems: listings.flatMap((listing) => listing.problems),
      excluded
    })
  }
}
