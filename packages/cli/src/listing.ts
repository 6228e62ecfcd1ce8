import type { Problem } from "anygpu"
import { exitCodes } from "./exit-codes.ts"
import type { Output } from "./output.ts"

/** Says what is missing from an answer, and gives the exit code for it: an incomplete answer never looks whole. */
export const tellProblems = (
  out: Output,
  { complete, problems }: { readonly complete: boolean; readonly problems: ReadonlyArray<Problem> }
): number => {
  if (complete && problems.length === 0) return exitCodes.done.code
  if (!out.json) {
    for (const { provider, kind, part, error } of problems) {
      out.warn(`missing: ${part} of ${provider}${kind ? ` (${kind})` : ""}: ${error.message}`)
    }
    if (problems.length === 0) out.warn("missing: a part of the answer could not be had")
  }
  return exitCodes.partial.code
}
