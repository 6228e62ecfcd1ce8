import * as Context from "effect/Context"
import type { GpuError } from "../errors.ts"

/**
 * Hears of every launch that failed and may have left a machine: an aborted fiber ends as interrupted, and its error,
 * which names the machine or the marker, would be lost with it.
 *
 * - Nobody listens by default; the ledger holds such a launch, and `recover` finds it.
 */
export const LeftoverReporter = Context.Reference<(error: GpuError) => void>("@anygpu/core/LeftoverReporter", {
  defaultValue: () => () => {}
})

/** Whether an error names a machine that costs money, or may. */
export const mayLeaveMachine = (error: GpuError): boolean =>
  error._tag === "LaunchUnsettled" || (error.leftovers ?? []).length > 0
