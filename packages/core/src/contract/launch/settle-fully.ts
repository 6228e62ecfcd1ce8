import * as Context from "effect/Context"

/**
 * Whether a launch that is interrupted while its machine is looked for is settled all the same, as long as that takes.
 *
 * - For who interrupts a launch and still waits for what came of it, as of two that raced. Asked at the interruption.
 * - By default an interrupt ends the wait: the machine is looked for a few seconds longer.
 */
export const SettleFully = Context.Reference<() => boolean>("@anygpu/core/SettleFully", {
  defaultValue: () => () => false
})
