import type { Change } from "anygpu"
import type { WatchJson } from "./change.ts"
import { errorJson } from "./errors.ts"
import { machineJson, timeJson } from "./model.ts"

/** One change, with the machine before it where there is one. */
export const changeJson = (change: Change): WatchJson => {
  const at = timeJson(change.observedAt)
  switch (change.type) {
    case "stale":
    case "incomplete":
    case "resumed": {
      const { type, provider, kind, since } = change
      const errors =
        "error" in change ? [change.error] : "problems" in change ? change.problems.map((p) => p.error) : []
      return {
        type,
        at,
        provider,
        kind,
        since: timeJson(since),
        errors: errors.map((error) => errorJson(error, false))
      }
    }
    default: {
      const before = "before" in change ? machineJson(change.before) : null
      return { type: change.type, at, machine: machineJson(change.instance), before }
    }
  }
}
