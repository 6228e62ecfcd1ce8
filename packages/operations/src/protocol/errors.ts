import type { Problem } from "anygpu"
import type { ErrorFieldsJson, ErrorJson, ProblemJson } from "./error-shape.ts"
import { exitCodeOf, exitCodes, tagOf } from "./exit-codes.ts"
import type { MoneyJson } from "./parts.ts"

const textIn = (error: object, field: string): string | undefined => {
  const value: unknown = Reflect.get(error, field)
  return typeof value === "string" ? value : value === undefined || value === null ? undefined : String(value)
}

const listIn = (error: object, field: string): ReadonlyArray<unknown> | undefined => {
  const value: unknown = Reflect.get(error, field)
  return Array.isArray(value) && value.length > 0 ? value : undefined
}

const retries = ["permanent", "temporary", "exhausted"] as const
const fields = ["provider", "kind", "operation", "requestId", "ref", "marker", "reason"] as const

/** The seconds that an error asks to wait: a Duration is recognised by its JSON, without loading what makes them. */
const secondsIn = (error: object): number | undefined => {
  const wait: unknown = Reflect.get(error, "retryAfter")
  if (wait === undefined) return undefined
  const { millis } = Object(JSON.parse(JSON.stringify(wait))) as { readonly millis?: unknown }
  return typeof millis === "number" ? Math.ceil(millis / 1000) : undefined
}

/** Clouds that could not be asked, and parts that could not be had, in JSON. */
export const problemsJson = (problems: ReadonlyArray<Problem>): ProblemJson[] =>
  problems.map(({ provider, kind, part, error }) => ({ provider, kind: kind ?? null, part, error: fieldsJson(error) }))

const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" && value !== null && "provider" in value && "part" in value && "error" in value

const reaches = ["here", "cloud", "everywhere"] as const
const currencies = ["USD", "USDC"] as const

/** An amount of a try; the SDK, which writes amounts, is not loaded for errors. */
const amountIn = (holder: object, field: string): MoneyJson | null => {
  const spent: unknown = Reflect.get(holder, field)
  if (typeof spent !== "object" || spent === null) return null
  const [micros, currency] = [Number(Reflect.get(spent, "micros")), Reflect.get(spent, "currency")]
  const known = currencies.find((one) => one === currency)
  if (!known || !Number.isSafeInteger(micros)) return null
  const amount = `${Math.trunc(micros / 1e6)}.${String(micros % 1e6).padStart(6, "0")}`.replace(/\.?0+$/, "")
  return { amount, currency: known }
}

/** What a launch tried, as its error lists it. */
const trailIn = (error: object): ErrorJson["trail"] =>
  listIn(error, "trail")?.flatMap((attempt) => {
    if (typeof attempt !== "object" || attempt === null) return []
    const offer: unknown = Reflect.get(attempt, "offer")
    const failed: unknown = Reflect.get(attempt, "error")
    const part = (name: string) => (typeof offer === "object" && offer !== null ? textIn(offer, name) : undefined)
    return [
      {
        offer: ["provider", "kind", "id"].map((name) => part(name) ?? "").join("/"),
        outcome: textIn(attempt, "outcome") ?? "",
        reach: reaches.find((one) => one === textIn(attempt, "reach")) ?? null,
        ref: textIn(attempt, "ref") ?? null,
        spent: amountIn(attempt, "spent"),
        message: failed instanceof Error ? failed.message : null
      }
    ]
  })

/** What would have been needed, and what there is or may be spent. */
const amountsIn = (error: object): Pick<ErrorFieldsJson, "needed" | "available"> =>
  Object.fromEntries(
    ["needed", "available"].flatMap((field) => {
      const amount = amountIn(error, field)
      return amount ? [[field, amount]] : []
    })
  )

/** What was thrown, as JSON. */
export const errorJson = (error: unknown, interrupted: boolean): ErrorJson => ({
  ...fieldsJson(error, interrupted),
  problems:
    typeof error === "object" && error !== null ? problemsJson((listIn(error, "problems") ?? []).filter(isProblem)) : []
})

const fieldsJson = (error: unknown, interrupted = false): ErrorFieldsJson => {
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
    ...(Reflect.get(error, "ownLimit") === true && { ownLimit: true }),
    ...amountsIn(error),
    ...(secondsIn(error) !== undefined && { retryAfterSeconds: secondsIn(error) }),
    ...(listIn(error, "leftovers") && { leftovers: listIn(error, "leftovers")?.map(String) ?? [] }),
    ...(issues && { issues }),
    ...(trailIn(error) && { trail: trailIn(error) ?? [] })
  }
}
