import type { Ledger } from "@anygpu/core"

/** A ledger that was opened, empty. */
export interface OpenedLedger {
  readonly ledger: Ledger
  /** Opens what the ledger wrote once more, as another process does; left out where nothing is shared. */
  readonly again?: () => Ledger | Promise<Ledger>
  readonly close?: () => void | Promise<void>
}

/** A kind of ledger, as its author supplies it. */
export interface LedgerStore {
  readonly name: string
  /** An empty one each time. */
  readonly open: () => OpenedLedger | Promise<OpenedLedger>
  /** How many sequences of calls are tried (default 200); fewer where each needs a server. */
  readonly sequences?: number
  /** The seed of the first sequence (default 1). */
  readonly seed?: number
}

/** One test of a ledger store: rejects with a `ConformanceFailure` that says what differs. */
export interface LedgerTest {
  readonly name: string
  readonly run: () => Promise<void>
}
