import type * as Effect from "effect/Effect"
import type { GpuError, ProviderFault } from "../errors.ts"

/**
 * How far an order is.
 *
 * - `queued`: it waits for a keeper, or for its next look at the market.
 * - `started`: a keeper is at it, or was when it died: another one takes it over.
 * - `placed`: its machine is there. `failed`: it came to nothing, and `error` says why. `cancelled`: nothing is to be done any
 *   more. These three are final.
 */
export type OrderState = "queued" | "started" | "placed" | "failed" | "cancelled"

/** What went wrong with an order, without secrets. */
export interface OrderError {
  readonly tag: GpuError["_tag"]
  readonly message: string
}

/** A launch that a keeper makes, or a pool that keepers keep, as the ledger has it. Holds no secret: those have names in it. */
export interface OrderRecord {
  /** Unique. */
  readonly id: string
  /** One order has it at a time; null once that came to nothing, and another one took the key. */
  readonly key: string | null
  /** `launch` is made once, under the key; `pool` is kept, round after round, until it is ended. */
  readonly what: "launch" | "pool"
  /** What its machine, or its pool, is called. */
  readonly name: string
  /** Who ordered it. */
  readonly by: string
  /** Epoch milliseconds by the ledger's own clock, as all moments of an order. */
  readonly at: number
  /** From then on nothing is begun for it; null for no such time. */
  readonly until: number | null
  /** When it is to be looked at next. */
  readonly nextAt: number
  /** The clouds that it may be on; all that a keeper has when empty. */
  readonly clouds: ReadonlyArray<string>
  /** What is to be done, with the names of its secrets. */
  readonly request: Readonly<Record<string, unknown>>
  readonly state: OrderState
  /** What was asked of it while a keeper was at it; it counts when that is over. Null for nothing. */
  readonly asked: "cancel" | "change" | null
  /** The text of its machine's ref; null before it is placed. */
  readonly ref: string | null
  /** What the last look failed with; null when it did not. */
  readonly error: OrderError | null
  /**
   * What its keepers noted before they did it: the markers of the launches that they began for it, whose machines are its own,
   * whoever else has its key; and the refs of those of its machines that they ended.
   */
  readonly noted: ReadonlyArray<string>
  /** How often a keeper began with it. */
  readonly looks: number
  /** The keeper that has it, or had it last. */
  readonly heldBy: string | null
  /** How often it was taken. Who acts on an older number has lost it. */
  readonly fence: number
  /** From then on another keeper may take it. */
  readonly heldUntil: number
  /** For how many milliseconds it was given: what would last longer is of a clock that was set back since. */
  readonly heldFor: number
}

/** An order as it is written; the ledger's own clock says the rest. */
export interface NewOrder extends Pick<OrderRecord, "id" | "what" | "name" | "by" | "clouds" | "request"> {
  readonly key: string
  /** For how many milliseconds from now something may be begun for it; null for no such time. */
  readonly waits: number | null
}

/** A keeper's hold on an order. */
export interface OrderFence {
  readonly id: string
  readonly fence: number
}

/**
 * What came of an order.
 *
 * - `again`: it is looked at again after so many milliseconds, unless it was cancelled, or its time is over by then.
 * - `unsettled`: it may have a machine, or its keeper has to end. It stays begun, and the next keeper looks after so many
 *   milliseconds, however long ago its time was over.
 * - `over`: a pool has no machines any more.
 */
export type OrderOutcome =
  | { readonly is: "placed"; readonly ref: string }
  | { readonly is: "failed"; readonly error: OrderError }
  | { readonly is: "again"; readonly after: number; readonly error: OrderError | null }
  | { readonly is: "unsettled"; readonly after: number; readonly error: OrderError | null }
  | { readonly is: "over" }

/** Which orders to read; all of them when empty. */
export interface OrderQuery {
  readonly id?: string
  readonly key?: string
  readonly what?: OrderRecord["what"]
  readonly states?: ReadonlyArray<OrderState>
}

/** What a ledger does with orders: launches that keepers make, and pools that they keep. */
export interface OrderCalls {
  /**
   * Writes an order, or answers the one that has its key.
   *
   * - An order that failed or was cancelled lets its key go. A pool that is there takes the new request, at once.
   */
  openOrder(order: NewOrder): Effect.Effect<OrderRecord, ProviderFault>
  /** Orders, oldest first. */
  orders(query?: OrderQuery): Effect.Effect<ReadonlyArray<OrderRecord>, ProviderFault>
  /**
   * Cancels an order, and answers it as it is then. One that a keeper is at is cancelled when nothing comes of that; one that is
   * final stays what it is. Null when there is no such order.
   */
  cancelOrder(id: string): Effect.Effect<OrderRecord | null, ProviderFault>
  /**
   * Takes an order that is due, or one whose keeper is not heard of any more.
   *
   * - Null when it is not due, final, or another keeper has it.
   * - Null for a launch also while another one is being made that may be on a same cloud: one at a time for each account.
   * - Null for an order whose time is over before anything was begun: it fails by that.
   */
  claimOrder(
    id: string,
    options: { readonly by: string; readonly lasts: number }
  ): Effect.Effect<OrderRecord | null, ProviderFault>
  /**
   * Whether an order is still held under a fence; then it stays so for `lasts` milliseconds from now. A note is added to
   * what its keepers noted.
   */
  confirmOrder(claim: OrderFence, lasts: number, note?: string): Effect.Effect<boolean, ProviderFault>
  /** Writes what came of an order, and answers it as it is then. Null, and nothing is written, when another keeper has it. */
  settleOrder(claim: OrderFence, outcome: OrderOutcome): Effect.Effect<OrderRecord | null, ProviderFault>
}
