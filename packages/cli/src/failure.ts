import { commandText } from "@anygpu/operations"
import { errorJson } from "@anygpu/operations/failure"
import { flagsByField } from "./flags.ts"
import { plain } from "./plain.ts"

/** What is wrong with which option. A cloud's own refusal names no field of ours: then the message says it all. */
const issuesText = (message: string, issues: ReadonlyArray<{ readonly path: string; readonly problem: string }>) => {
  const named = issues.filter(({ path }) => path !== "")
  if (named.length === 0) return [message]
  return named.map(({ path, problem }) => `${flagsByField[path.replace(/\[\d+\]$/, "")] ?? path}: ${problem}`)
}

/** The same for people: what went wrong, what is left, what to do. */
export const errorText = (error: unknown, interrupted: boolean): string => {
  const { message, issues, leftovers, ref, problems } = errorJson(error, interrupted)
  // An error of a machine that was made is shown whole, with what became of the machine.
  const lines = issues && ref === undefined ? issuesText(message, issues) : [message]
  const left = (leftovers ?? []).map(
    (ref) => `May still cost money: ${ref}. End it with: ${commandText("anygpu", "terminate", ref)}`
  )
  const others = problems.filter((problem) => !message.includes(problem.error.message))
  const missing = others.map(
    ({ provider, kind, part, error: why }) =>
      `missing: ${part} of ${provider}${kind ? ` (${kind})` : ""}: ${why.message}`
  )
  return [...lines, ...missing, ...left].map((line) => line.split("\n").map(plain).join("\n")).join("\n")
}
