import type { Instance } from "anygpu"

/**
 * Who ends a machine when nobody thinks of it any more: the cloud by its own switch, a sweep (or another process that reads the ledger)
 * once its lease is over, or nobody.
 */
export type EndedBy = "cloud" | "sweep" | "nobody"

/**
 * Who ends a machine, by what its cloud shows and, for its lease, by the ledger.
 *
 * - Only what the cloud itself shows counts as its word: an end that was asked for and does not show does not count.
 */
export const endedBy = ({ endsAt, actions }: Pick<Instance, "endsAt" | "actions">, until: number | null): EndedBy => {
  // Only where the end can be moved is it a switch: elsewhere `endsAt` is when a contract of the host runs out.
  if (endsAt !== null && actions.includes("scheduleEnd")) return "cloud"
  return until === null ? "nobody" : "sweep"
}
