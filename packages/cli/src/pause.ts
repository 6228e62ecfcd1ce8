import { setTimeout } from "node:timers/promises"
import type { Context } from "./context.ts"

/** Waits so many milliseconds of the command's time; rejects when it is interrupted. */
export const pause = async ({ io, signal }: Pick<Context, "io" | "signal">, millis: number): Promise<void> => {
  await (io.clock ? io.clock.sleep(millis, signal) : setTimeout(millis, undefined, { signal }))
}
