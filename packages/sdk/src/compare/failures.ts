import type { Offer } from "@anygpu/core"

/** How fast a failure is forgotten: after this many milliseconds it counts half. */
const halfLife = 30 * 60_000

/** What one fresh failure adds to the cost that an offer is ranked by: half of it again. */
const weight = 0.5

/** Failures that count less than this are forgotten. */
const forgotten = 0.01

/**
 * The machines that failed lately, so that they are not tried again first: in the memory of one client.
 *
 * - A failure is counted for the host, where the cloud names it, since its other offers share its troubles; else for
 *   the offer.
 */
export interface Failures {
  /** Notes that a launch on an offer failed. */
  readonly note: (offer: Offer, now: number) => void
  /** By how much the cost of an offer is raised for its rank: 0 when nothing is known against it, 0.5 after a failure. */
  readonly penaltyOf: (offer: Offer, now: number) => number
}

const keyOf = ({ provider, kind, id, host }: Offer): string =>
  host == null ? `${provider}/${kind}/${id}` : `${provider} host ${host}`

/** An empty memory. */
export const failures = (): Failures => {
  const known = new Map<string, { readonly count: number; readonly at: number }>()
  const countOf = (key: string, now: number): number => {
    const failure = known.get(key)
    return failure ? failure.count * 0.5 ** ((now - failure.at) / halfLife) : 0
  }
  return {
    note: (offer, now) => {
      for (const key of known.keys()) if (countOf(key, now) < forgotten) known.delete(key)
      const key = keyOf(offer)
      known.set(key, { count: countOf(key, now) + 1, at: now })
    },
    penaltyOf: (offer, now) => {
      const count = countOf(keyOf(offer), now)
      return count < forgotten ? 0 : count * weight
    }
  }
}
