import type { Ledger } from "anygpu"
import type { MovablePlace } from "anygpu/sqlite"

/** A ledger as the command opens it, and closes it when it ends. */
export type OpenLedger = Ledger & AsyncDisposable

/** Whether the place of a ledger is a server, not a file. */
export const isServer = (place: string): boolean => /^postgres(ql)?:/i.test(place)

/** The place of a ledger as it may be shown: an address without its password. */
export const shownLedger = async (place: string): Promise<string> =>
  isServer(place) ? (await import("@anygpu/postgres")).shownAddress(place) : place

/** The place of a ledger as one that can be moved; close it when it is done. */
export const openPlace = async (place: string): Promise<MovablePlace & { close(): void | Promise<void> }> =>
  isServer(place)
    ? (await import("@anygpu/postgres")).postgresPlace(place)
    : (await import("anygpu/sqlite")).sqlitePlace(place)

/**
 * Opens the ledger of a place: a file, or `postgres://user:password@host/database`.
 *
 * - Fails with `ProviderFault` for a file that is no ledger, and for an address that is none. A server is asked when the
 *   ledger is used first.
 */
export const openLedger = async (place: string): Promise<OpenLedger> => {
  if (isServer(place)) return (await import("@anygpu/postgres")).postgresLedger(place)
  const ledger = (await import("anygpu/sqlite")).sqliteLedger(place)
  return { ...ledger, [Symbol.asyncDispose]: async () => ledger.close() }
}
