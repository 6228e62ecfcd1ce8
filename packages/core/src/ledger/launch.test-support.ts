import type { LaunchRecord } from "./ledger.ts"

/** A launch as a ledger keeps it, with something in every field that can have something. */
export const launchRecord = (marker: string, more: Partial<LaunchRecord> = {}): LaunchRecord => ({
  marker,
  key: null,
  idempotencyKey: `idem-${marker}`,
  provider: "vast",
  kind: "container",
  name: "job",
  offerId: "42",
  pricePerHour: { micros: 402_074, currency: "USD" },
  spec: { image: "pytorch", env: ["TOKEN"], disk: { mib: 10_240 } },
  at: 1_000,
  state: "open",
  instanceId: null,
  note: null,
  leaseUntil: null,
  sentAfter: null,
  owner: null,
  fence: 0,
  ...more
})
