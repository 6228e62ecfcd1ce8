import { CurrentLedger, type Failure, failuresAt, type Offer, type ProviderFault } from "@anygpu/core"
import * as Effect from "effect/Effect"

/** What one fresh failure adds to the cost that an offer is ranked by: half of it again. */
const weight = 0.5

/** A failure counts for the host, where the cloud names it, since its other offers share its troubles; else for the offer. */
const hostOf = ({ provider, kind, id, host }: Offer): string =>
  host == null ? `${provider}/${kind}/${id}` : `${provider} host ${host}`

/** Notes in the ledger that a machine of an offer failed: there it ranks the host down for every client and process. */
export const noteFailure = (offer: Offer, now: number): Effect.Effect<void, ProviderFault> =>
  Effect.flatMap(CurrentLedger, (ledger) => ledger.failed(hostOf(offer), now))

/**
 * By how much the cost of an offer is raised for its rank, by the failures that the ledger knows: 0 when nothing is known
 * against it, 0.5 after a failure.
 */
export const penaltiesAt = (failures: ReadonlyArray<Failure>, now: number): ((offer: Offer) => number) => {
  const byHost = new Map(failures.map((failure) => [failure.host, failure]))
  return (offer) => {
    const failure = byHost.get(hostOf(offer))
    return failure ? failuresAt(failure, now) * weight : 0
  }
}
