import * as Context from "effect/Context"

/** Whether a call waits its turn or overtakes everything that is waiting on its route, as ending a machine should. */
export const CurrentPriority = Context.Reference<"normal" | "urgent">("@anygpu/core/context/CurrentPriority", {
  defaultValue: () => "normal"
})
