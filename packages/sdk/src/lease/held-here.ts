import type { Ledger } from "@anygpu/core"

/** The leases that this process holds, by their ledgers: each by the marker of its launch. */
const held = new WeakMap<Ledger, Set<string>>()

/** Notes that this process holds a lease; what it answers takes that back. */
export const holdHere = (ledger: Ledger, marker: string): (() => void) => {
  const markers = held.get(ledger) ?? new Set()
  held.set(ledger, markers.add(marker))
  return () => void markers.delete(marker)
}

/** Whether this process holds a lease, and ends its machine in time while it lives. */
export const isHeldHere = (ledger: Ledger, marker: string): boolean => held.get(ledger)?.has(marker) ?? false
