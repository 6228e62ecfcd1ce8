import type { SQLOutputValue } from "node:sqlite"
import type { LaunchRecord, LaunchState } from "../ledger/ledger.ts"
import type { Kind } from "../model/kind.ts"
import type { Currency, Money } from "../model/money.ts"
import type { Tags } from "../model/tags.ts"

/** A row as SQLite answers it. */
export type Row = Record<string, SQLOutputValue>

/** A text, or null for anything else. */
export const textOf = (value: SQLOutputValue | undefined): string | null => (typeof value === "string" ? value : null)

/** A number, or null for anything else. */
export const numberOf = (value: SQLOutputValue | undefined): number | null => (typeof value === "number" ? value : null)

/** An amount out of its two columns; null without one. */
export const moneyOf = (micros: SQLOutputValue | undefined, currency: SQLOutputValue | undefined): Money | null => {
  const amount = numberOf(micros)
  return amount === null ? null : { micros: amount, currency: String(currency) as Currency }
}

/** What a launch was for, and whose it is, as its row and that of its machine keep it. */
export const whoseIn = (row: Row): Pick<LaunchRecord, "tags" | "ownedBy"> => ({
  ...(typeof row.tags === "string" && { tags: JSON.parse(row.tags) as Tags }),
  ...(typeof row.owned_by === "string" && { ownedBy: row.owned_by })
})

/** The same as the values of two columns. */
export const whoseValues = ({ tags, ownedBy }: Pick<LaunchRecord, "tags" | "ownedBy">) => [
  tags === undefined ? null : JSON.stringify(tags),
  ownedBy ?? null
]

/** The launch of a row. */
export const toLaunch = (row: Row): LaunchRecord => ({
  marker: String(row.marker),
  key: textOf(row.key),
  idempotencyKey: String(row.idempotency_key),
  provider: String(row.provider),
  kind: String(row.kind) as Kind,
  name: String(row.name),
  offerId: String(row.offer_id),
  pricePerHour: moneyOf(row.price_micros, row.price_currency),
  spec: JSON.parse(String(row.spec)) as LaunchRecord["spec"],
  at: Number(row.at),
  state: String(row.state) as LaunchState,
  instanceId: textOf(row.instance_id),
  note: textOf(row.note),
  leaseUntil: numberOf(row.lease_until),
  sentAfter: numberOf(row.sent_after),
  owner: textOf(row.owner),
  fence: Number(row.fence),
  ...whoseIn(row),
  ...(typeof row.account_name === "string" && { accountName: row.account_name }),
  ...(typeof row.account === "string" && { account: row.account }),
  ...(typeof row.monotonic_at === "number" && { monotonicAt: row.monotonic_at })
})
