/**
 * What a keeper is woken up for.
 *
 * - `end`: the machine of a launch may be due. `settle`: it may not be known what came of a launch.
 * - `launch`: the order of a launch may be due.
 * - `prices`: the prices of the market are to be written down.
 * - `reconcile`: wakes that are missing are made again from the ledger, and everything else is swept.
 */
export type Duty = "end" | "settle" | "launch" | "prices" | "reconcile"

/** Every duty. */
export const duties: ReadonlyArray<Duty> = ["end", "settle", "launch", "prices", "reconcile"]

/** One wake: it only says that the ledger is to be read. */
export interface Wake {
  readonly duty: Duty
  /** Of the launch that it is about, or the id of the order; any text for what is about none. */
  readonly marker: string
  /** Epoch milliseconds by the ledger's own clock. */
  readonly at: number
}

/** Does a duty, and answers in how many milliseconds it wants to be woken again; null for not at all. */
export type Work = (wake: Pick<Wake, "duty" | "marker">) => Promise<number | null>

/** What wakes a keeper: a queue in Postgres, or timers of this process. It may lose wakes, and make some twice. */
export interface Engine {
  readonly start: (work: Work) => Promise<void>
  /** Asks for wakes; one that is waiting already, for the same at the same moment, is not made twice. */
  readonly wake: (wakes: ReadonlyArray<Wake>) => Promise<void>
  /** Wakes nobody any more, and waits for the work that is under way. */
  readonly stop: () => Promise<void>
  /** Whether it was heard of lately. */
  readonly isWell: () => boolean
}
