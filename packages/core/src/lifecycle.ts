import type { Action, BillingState, Reason, Status } from "./model/status.ts"

/** One thing known of a machine that its status may depend on. */
export type Fact = string | boolean | null

/** Everything a status depends on: the whole payload and the last thing we asked, boiled down to named facts. */
export type Facts = Readonly<Record<string, Fact>>

/** What a machine's facts mean. */
export interface Verdict {
  readonly status: Status
  readonly reason: Reason | null
  readonly billing: BillingState
  readonly actions: ReadonlyArray<Action>
}

/**
 * One row of a provider's table: under these facts, this status.
 *
 * - `when` names the facts that matter; a list means any of them, a fact left out means any value.
 * - `note` says why in a sentence, `source` where it is documented; both go to the docs page.
 */
export interface LifecycleRow<F extends Facts> {
  readonly when: { readonly [Name in keyof F]?: F[Name] | ReadonlyArray<F[Name]> }
  readonly status: Status
  readonly reason?: Reason
  readonly billing: BillingState
  readonly actions: ReadonlyArray<Action>
  readonly note: string
  readonly source: string
}

/**
 * A provider's whole table as data: the first row that matches wins, and what no row knows is `unknown`.
 *
 * - `domain` lists the documented values of each fact, so that tests and docs can walk every case.
 * - `fallback` is what may be done to a machine in a status nobody has seen.
 */
export interface Lifecycle<F extends Facts> {
  readonly domain: { readonly [Name in keyof F]: ReadonlyArray<F[Name]> }
  readonly rows: ReadonlyArray<LifecycleRow<F>>
  readonly fallback: { readonly billing: BillingState; readonly actions: ReadonlyArray<Action> }
}

const holds = <F extends Facts>({ when }: LifecycleRow<F>, facts: F): boolean =>
  Object.keys(when).every((name) => {
    const [wanted, fact] = [when[name], facts[name]]
    return Array.isArray(wanted) ? wanted.includes(fact) : wanted === fact
  })

/** The first row that knows these facts; undefined when none does. */
export const rowFor = <F extends Facts>(lifecycle: Lifecycle<F>, facts: F): LifecycleRow<F> | undefined =>
  lifecycle.rows.find((row) => holds(row, facts))

/** What the facts mean: total and pure, and `unknown` where the table has no row. */
export const judge = <F extends Facts>(lifecycle: Lifecycle<F>, facts: F): Verdict => {
  const row = rowFor(lifecycle, facts)
  return row
    ? { status: row.status, reason: row.reason ?? null, billing: row.billing, actions: row.actions }
    : { status: "unknown", reason: null, ...lifecycle.fallback }
}

/** Every combination of the documented values, for tests and docs. */
export function* everyCase<F extends Facts>(lifecycle: Lifecycle<F>): Generator<F> {
  const names = Object.keys(lifecycle.domain)
  const walk = function* (index: number, chosen: Record<string, Fact>): Generator<F> {
    const name = names[index]
    if (name === undefined) {
      yield { ...chosen } as F
      return
    }
    for (const value of lifecycle.domain[name] ?? []) yield* walk(index + 1, { ...chosen, [name]: value })
  }
  yield* walk(0, {})
}
