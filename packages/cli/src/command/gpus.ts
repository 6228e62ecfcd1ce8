import { textsIn } from "@anygpu/operations"
import { parseGpu } from "anygpu"
import * as Result from "effect/Result"

/** GPUs as people write them: `h100 a100`, `h100,a100`, and `rtx 4090` for one. */
export const gpusIn = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const whole = words.join(" ")
  const parsed = Result.getOrUndefined(parseGpu(whole))
  return parsed && !parsed.unknown ? [whole] : textsIn(words)
}
