import * as Context from "effect/Context"
import type { InstanceRef } from "../../model/ref.ts"

/**
 * Hears of the machine that a launch answers instead of making one: its key was taken by an earlier launch.
 *
 * - That machine belongs to the earlier launch too: who has not made it does not end it when waiting for it fails.
 * - Nobody listens by default.
 */
export const EarlierMachine = Context.Reference<(ref: InstanceRef) => void>("@anygpu/core/EarlierMachine", {
  defaultValue: () => () => {}
})
