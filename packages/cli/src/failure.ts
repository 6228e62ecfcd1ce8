import { exitCodeOf, exitCodes, tagOf } from "./exit-codes.ts"
import { flagsByField } from "./flags.ts"
import type { ErrorJson } from "./json/parts.ts"
import { plain } from "./plain.ts"

const textIn = (error: object, field: string): string | undefined => {
  const value: unknown = Reflect.get(error, field)
  return typeof value === "string" ? value : value === undefined || value === null ? undefined : String(value)
}

const listIn = (error: object, field: string): ReadonlyArray<unknown> | undefined => {
  const value: unknown = Reflect.get(error, field)
  return Array.isArray(value) && value.length > 0 ? value : undefined
}

const retries = ["permanent", "temporary", "exhausted"] as const
const fields = ["provider", "kind", "operation", "requestId", "ref", "marker"] as const

/** What was thrown, as JSON. */
export const errorJson = (error: unknown, interrupted: boolean): ErrorJson => {
  const exitCode = exitCodeOf(error, interrupted)
  if (!(error instanceof Error)) return { tag: "Unexpected", message: String(error), exitCode }
  const tag = tagOf(error) ?? (exitCode === exitCodes.interrupted.code ? "Interrupted" : "Unexpected")
  const retry = retries.find((one) => one === textIn(error, "retry"))
  const known = fields.flatMap((field) => {
    const value = textIn(error, field)
    return value === undefined ? [] : [[field, value]]
  })
  const issues = listIn(error, "issues")?.flatMap((issue) =>
    typeof issue === "object" && issue !== null
      ? [{ path: textIn(issue, "path") ?? "", problem: textIn(issue, "problem") ?? "" }]
      : []
  )
  return {
    tag,
    message: error.message,
    exitCode,
    ...(retry && { retry }),
    ...Object.fromEntries(known),
    ...(listIn(error, "leftovers") && { leftovers: listIn(error, "leftovers")?.map(String) ?? [] }),
    ...(issues && { issues })
  }
}

/** The same for people: what went wrong, what is left, what to do. */
export const errorText = (error: unknown, interrupted: boolean): string => {
  const { message, issues, leftovers } = errorJson(error, interrupted)
  const lines = issues
    ? issues.map(({ path, problem }) => `${flagsByField[path.replace(/\[\d+\]$/, "")] ?? path}: ${problem}`)
    : [message]
  const left = (leftovers ?? []).map((ref) => `May still cost money: ${ref}. End it with: anygpu terminate ${ref}`)
  return [...lines, ...left].map((line) => line.split("\n").map(plain).join("\n")).join("\n")
}
