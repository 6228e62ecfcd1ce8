import {
  type AttemptOutcome,
  formatMoney,
  type GpuError,
  type Money,
  mayLeaveMachine,
  reachOf,
  withContext
} from "@anygpu/core"
import type { Search } from "./search.ts"

/** Whether a try has the machine that the launch answers. */
export const isKept = (outcome: AttemptOutcome): boolean => outcome === "ready" || outcome === "created"

/** What an error of a launch that left nothing means for the others; `stopped` ends the whole search. */
export const outcomeOf = ({ request: { onCloudTrouble = "stop" } }: Search, error: GpuError): AttemptOutcome => {
  if (mayLeaveMachine(error)) return "stopped"
  const reach = reachOf(error)
  if (reach === "cloud") return onCloudTrouble === "next" ? "refused" : "stopped"
  if (reach === "everywhere") return "stopped"
  switch (error._tag) {
    case "NoCapacity":
      return "no-capacity"
    case "NotFound":
      return "gone"
    // A wrong request that reaches no further than its offer: what this place lacks.
    case "InvalidRequest":
    case "Unsupported":
      return "unsupported"
    case "OutOfFunds":
      return "too-dear"
    default:
      return "unreachable"
  }
}

/** What became of a machine that did not get ready and is ended by now. */
export const outcomeOfBoot = (search: Search, error: GpuError): AttemptOutcome => {
  if (error._tag === "NoCapacity") return "no-capacity"
  if (error._tag === "OutOfFunds" && error.ownLimit === true) return "too-dear"
  return reachOf(error) === "here" ? "not-ready" : outcomeOf(search, error)
}

/** The error of a machine that is ended by now: it leaves nothing, and says what it cost. */
export const afterEnd = (error: GpuError, spent: Money | null): GpuError => {
  const cost = spent === null ? "what it cost is not known" : `it cost ${formatMoney(spent)}`
  return withContext(error, { message: `${error.message}. It was ended: ${cost}`, leftovers: [] })
}
