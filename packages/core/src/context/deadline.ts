import * as Context from "effect/Context"

/**
 * Until when (milliseconds of the monotonic clock) a request must be over, however long it waits for its turn; null for no
 * such end.
 *
 * A launch sets it: after that moment nobody who looks for its machine needs to wait for a request still to come.
 */
export const CurrentDeadline = Context.Reference<number | null>("@anygpu/core/context/CurrentDeadline", {
  defaultValue: () => null
})
