import { setTimeout } from "node:timers/promises"
import type { Context } from "./context.ts"

/** The longest that a timer of Node can wait: a longer one fires at once. */
const longest = 2 ** 31 - 1

/** Waits so many real milliseconds, however many, on timers of Node; rejects when it is interrupted. */
export const sleepReally = async (millis: number, signal?: AbortSignal, timer = setTimeout): Promise<void> => {
  for (let left = millis; ; left -= longest) {
    await timer(Math.min(left, longest), undefined, signal && { signal })
    if (left <= longest) return
  }
}

/** Waits so many milliseconds of the command's time; rejects when it is interrupted. */
export const pause = async ({ io, signal }: Pick<Context, "io" | "signal">, millis: number): Promise<void> => {
  await (io.clock ? io.clock.sleep(millis, signal) : sleepReally(millis, signal))
}
