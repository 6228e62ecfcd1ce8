import type * as Effect from "effect/Effect"
import type { ProviderFault } from "../errors.ts"

/** A process that stays awake and ends what is due, as it announces itself. */
export interface KeeperRecord {
  /** Unique for each time that it is started. */
  readonly id: string
  /** For people: its computer. */
  readonly host: string
  /** Epoch milliseconds of its computer's clock when it was started. */
  readonly since: number
  /** The clouds and kinds that it has keys for, such as `vast/container`. */
  readonly places: ReadonlyArray<string>
}

/** A keeper with the end of its word, as a ledger keeps it. */
export interface AnnouncedKeeper extends KeeperRecord {
  /** Epoch milliseconds by the ledger's own clock: from then on it counts as dead. */
  readonly until: number
}

/** What a ledger knows of the processes that stay awake. */
export interface KeeperCalls {
  /**
   * Says that a keeper is alive for so many milliseconds from now by the ledger's own clock; 0 says that it has ended.
   *
   * - Those that were not heard of since their time was over are forgotten by that.
   */
  announceKeeper(keeper: KeeperRecord, lasts: number): Effect.Effect<void, ProviderFault>
  /** The keepers that are alive, the one with the first id first. */
  keepers(): Effect.Effect<ReadonlyArray<KeeperRecord>, ProviderFault>
}

/** Whether a keeper is heard of at a moment. */
export const isAlive = ({ until }: AnnouncedKeeper, now: number): boolean => until > now

/** A keeper as it announced itself. */
export const withoutEnd = ({ id, host, since, places }: AnnouncedKeeper): KeeperRecord => ({ id, host, since, places })
