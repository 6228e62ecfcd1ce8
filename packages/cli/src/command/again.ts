import { exitCodes } from "@anygpu/operations/failure"
import type { Context } from "../context.ts"

/**
 * Does something so often, in milliseconds from one beginning to the next, until the command is interrupted; answers its exit code.
 *
 * - `failed` is told what one round failed with: the next one follows, unless it throws.
 */
export const again = async (
  { now, pause, signal }: Context,
  every: number,
  round: () => Promise<void>,
  failed: (error: unknown) => void
): Promise<number> => {
  while (!signal.aborted) {
    const begun = now()
    try {
      await round()
    } catch (error) {
      if (signal.aborted) break
      failed(error)
    }
    await pause(Math.max(0, begun + every - now()), signal).catch(() => {})
  }
  // Ctrl-C is how it is ended.
  return exitCodes.interrupted.code
}
