import { exitCodes } from "@anygpu/operations/failure"
import type { Problem } from "anygpu"
import { flagsByField } from "./flags.ts"
import type { Output } from "./output.ts"

/**
 * Says what is missing from an answer, and gives the exit code for it: an incomplete answer never looks whole.
 *
 * - A field that could not be read is said too. Its row is there, so that nothing is missing.
 */
export const tellProblems = (
  out: Output,
  { complete, problems }: { readonly complete: boolean; readonly problems: ReadonlyArray<Problem> }
): number => {
  if (complete && problems.length === 0) return exitCodes.done.code
  if (!out.json) {
    for (const { provider, kind, part, field, error } of problems) {
      const what = field === undefined ? "missing" : "unreadable"
      out.warn(`${what}: ${part} of ${provider}${kind ? ` (${kind})` : ""}: ${error.message}`)
    }
    if (problems.length === 0) out.warn("missing: a part of the answer could not be had")
  }
  const isWhole = complete && problems.every(({ field }) => field !== undefined)
  return isWhole ? exitCodes.done.code : exitCodes.partial.code
}

/** What is said of an empty answer: of one that is not whole nobody knows whether it is. */
export const noneText = (text: string, complete: boolean): string =>
  complete ? text : `${text.replace(/\.$/, "")}, as far as the clouds answered.`

/** What filters have left out, by the options that asked for it. */
export const leftOutNotes = (
  exclusions: ReadonlyArray<{ readonly rule: string; readonly count: number }>
): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const { rule, count } of exclusions) counts.set(rule, (counts.get(rule) ?? 0) + count)
  const parts = Array.from(counts, ([rule, count]) => `${count} by ${flagsByField[rule] ?? rule}`)
  return parts.length > 0 ? [`left out: ${parts.join(", ")}`] : []
}
