import type { Gpu } from "../model/gpu.ts"
import type { Money } from "../model/money.ts"
import { InstanceRef, sameRef } from "../model/ref.ts"
import type { BillingState } from "../model/status.ts"
import type { MachineRecord } from "./ledger.ts"

/** What a machine was seen to cost, as it is kept of one look at it. */
export interface BillingLook {
  readonly ref: InstanceRef
  readonly billing: BillingState
  /** While it runs; null where it is not known. */
  readonly pricePerHour: Money | null
  readonly gpu: Gpu | null
  /**
   * Epoch milliseconds when this library launched it: what it cost before the first look at it is the same, as far as is
   * known. Null for machines of others.
   */
  readonly launchedAt: number | null
}

/**
 * A time in which a machine was seen to cost the same.
 *
 * - It begins at `from`, and was looked at from `first` to `seen`: what lies outside of these is not observed.
 * - All in epoch milliseconds.
 */
export interface BillingInterval {
  readonly ref: InstanceRef
  readonly from: number
  readonly first: number
  readonly seen: number
  /** When it cost something else, or was verified gone; null while it goes on, as far as is known. */
  readonly end: number | null
  readonly billing: BillingState
  readonly pricePerHour: Money | null
  readonly gpu: string | null
}

/** The interval that a machine is in. */
export type OpenInterval = Omit<BillingInterval, "ref" | "end">

/** Which intervals to read; all of them when empty. */
export interface HistoryQuery {
  /** Epoch milliseconds: those that end after it, or go on. */
  readonly from?: number
  /** Epoch milliseconds: those that begin before it. */
  readonly to?: number
  /** Those of these machines. */
  readonly refs?: ReadonlyArray<InstanceRef>
}

/** A look that shows what the one before showed is written down after so many milliseconds only. */
export const lookGrain = 10 * 60_000

const isSame = (open: OpenInterval, { billing, pricePerHour }: BillingLook): boolean =>
  open.billing === billing &&
  open.pricePerHour?.micros === pricePerHour?.micros &&
  open.pricePerHour?.currency === pricePerHour?.currency

/** Whether a look at a moment says anything that the ledger has not written down. */
export const isBillingNews = (open: OpenInterval | undefined, look: BillingLook, at: number): boolean =>
  open === undefined ? look.billing !== "none" : at > open.seen && (!isSame(open, look) || at - open.seen >= lookGrain)

const gpuText = (gpu: Gpu | null): string | null => gpu && `${gpu.count}x ${gpu.model}`

const opened = (look: BillingLook, at: number, from: number): OpenInterval => ({
  ...{ from, first: at, seen: at, billing: look.billing, pricePerHour: look.pricePerHour, gpu: gpuText(look.gpu) }
})

/** What becomes of a machine by a look, a moment or an end: the machine, and the interval that is over by it. */
export interface BillingChange {
  readonly machine: MachineRecord
  readonly over: BillingInterval | null
}

const closed = ({ ref, paid }: MachineRecord, end: number): BillingInterval | null => {
  if (paid === undefined) return null
  const { provider, kind, id } = ref
  return { ref: new InstanceRef(provider, kind, id), ...paid, end: Math.max(end, paid.seen) }
}

/**
 * A machine after a look at what it costs.
 *
 * - An answer that is older than the last one changes nothing, nor does one about a machine that is verified gone: a list may
 *   show it for a while, and one that is back is `seen` first.
 * - The first interval of a machine that this library launched begins with its launch. One that is back after its end has
 *   cost something since then.
 */
export const billed = (machine: MachineRecord, look: BillingLook, at: number): BillingChange => {
  const { paid, ...rest } = machine
  const isOver = machine.goneAt !== null || (paid === undefined && at < (machine.paidUntil ?? at))
  if (isOver || !isBillingNews(paid, look, at)) return { machine, over: null }
  if (paid !== undefined && isSame(paid, look)) return { machine: { ...rest, paid: { ...paid, seen: at } }, over: null }
  const begun = paid === undefined && look.launchedAt !== null ? Math.max(look.launchedAt, machine.paidUntil ?? 0) : at
  return { machine: { ...rest, paid: opened(look, at, Math.min(begun, at)) }, over: closed(machine, at) }
}

/** A machine that costs nothing any more, since it is gone. */
export const unbilled = (machine: MachineRecord, at: number): BillingChange => {
  const { paid, ...rest } = machine
  const over = closed(machine, at)
  return { machine: over === null ? machine : { ...rest, paidUntil: over.end ?? at }, over }
}

/** Whether an interval is one of those asked for. */
export const matchesHistory = ({ ref, from, end }: BillingInterval, query: HistoryQuery): boolean =>
  (query.to === undefined || from < query.to) &&
  (query.from === undefined || end === null || end > query.from) &&
  (query.refs === undefined || query.refs.some((one) => sameRef(one, ref)))

/** The interval that a machine is in, as those that are over are read; null when it is in none. */
export const openIntervalOf = ({ ref, paid }: MachineRecord): BillingInterval | null =>
  paid === undefined ? null : { ref, ...paid, end: null }
