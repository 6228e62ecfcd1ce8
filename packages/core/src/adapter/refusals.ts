import {
  Conflict,
  type ErrorFields,
  type GpuError,
  InvalidRequest,
  type Issue,
  NoCapacity,
  NotFound,
  OutOfFunds,
  PermissionDenied,
  ProviderFault,
  RateLimited,
  Unauthenticated
} from "../errors.ts"
import type { Money } from "../model/money.ts"
import type { Answer } from "./answer.ts"
import { type Saying, sayingsIn, wordsOf } from "./said.ts"

/** What only some errors carry. */
export interface RefusalDetails {
  readonly issues?: ReadonlyArray<Issue>
  readonly needed?: Money | undefined
  readonly available?: Money | undefined
}

type Fields = ErrorFields & RefusalDetails

const made = {
  Conflict: (fields: Fields) => new Conflict(fields),
  InvalidRequest: (fields: Fields) =>
    new InvalidRequest({ ...fields, issues: fields.issues ?? [{ path: "", problem: fields.message }] }),
  NoCapacity: (fields: Fields) => new NoCapacity(fields),
  NotFound: (fields: Fields) => new NotFound(fields),
  OutOfFunds: (fields: Fields) => new OutOfFunds(fields),
  PermissionDenied: (fields: Fields) => new PermissionDenied(fields),
  ProviderFault: (fields: Fields) => new ProviderFault(fields),
  RateLimited: (fields: Fields) => new RateLimited(fields),
  Unauthenticated: (fields: Fields) => new Unauthenticated(fields)
}

/** What passes by itself. */
const passing: ReadonlyArray<keyof typeof made> = ["Conflict", "ProviderFault", "RateLimited"]

/** One row of what a cloud's refusals mean: an answer that has everything the row names is the error that it names. */
export interface Refusal {
  readonly is: keyof typeof made
  /** What to do next. */
  readonly advice: string
  /** Left out: every refusal but those by which any cloud says that it is busy or failed (408, 429, 5xx). */
  readonly statuses?: ReadonlyArray<number>
  /** In one of the texts of the answer, however deep it lies in its JSON. */
  readonly words?: RegExp
  /** Only texts that lie under one of these names, in the cloud's own JSON: never a page's or a gateway's. */
  readonly under?: ReadonlyArray<string>
  readonly operations?: ReadonlyArray<string>
  /** Left out: `Conflict`, `ProviderFault` and `RateLimited` are temporary, the others permanent. */
  readonly retry?: ErrorFields["retry"]
  /** What else the matching text says; the whole text, where the row names no words. */
  readonly details?: (text: string) => RefusalDetails
}

const isOk = (status: number): boolean => status >= 200 && status < 300

const isBusy = (status: number): boolean => status < 400 || status === 408 || status === 429 || status >= 500

/** The text by which a row fits, empty for one that names none; null where it does not fit. */
const fitting = (rule: Refusal, { status, operation }: Answer, sayings: ReadonlyArray<Saying>): string | null => {
  const { statuses, words, under, operations } = rule
  if (!(statuses ? statuses.includes(status) : isOk(status) || !isBusy(status))) return null
  if (!(operations?.includes(operation) ?? true)) return null
  if (words === undefined && under === undefined) return ""
  const own = sayings.filter((saying) => under === undefined || saying.under.some((name) => under.includes(name)))
  return own.find(({ text }) => words?.test(text) ?? true)?.text ?? null
}

/** What {@link refusals} needs to know of a cloud. */
export interface RefusalConfig {
  /** As it is written in messages. */
  readonly cloud: string
  /** The first that fits wins: words come before bare statuses. */
  readonly rules: ReadonlyArray<Refusal>
  /** Whether a 2xx is a refusal all the same. Left out: none is. */
  readonly refusesInSuccess?: (answer: Answer) => boolean
}

/**
 * Makes the `classify` of an adapter from rows: what an answer means when it is an error, null where its status
 * decides.
 *
 * - A row matches status, words and operation together. A code that clouds use for several things, such as
 *   `invalid_args`, or a status such as 401 for a missing permission, needs a row above the general one.
 * - A 2xx that refuses, in words that no row knows, is a `ProviderFault`: it may have taken effect.
 * - The message holds the cloud's own words, also those of a nested body, and the advice.
 */
export const refusals =
  ({ cloud, rules, refusesInSuccess = () => false }: RefusalConfig) =>
  (answer: Answer): GpuError | null => {
    const { status, operation } = answer
    if (isOk(status) && !refusesInSuccess(answer)) return null
    const sayings = sayingsIn(answer)
    const words = wordsOf(answer)
    const said = `${cloud} refused ${operation}: ${words || `status ${status}`}`
    for (const rule of rules) {
      const text = fitting(rule, answer, sayings)
      if (text === null) continue
      const retry = rule.retry ?? (passing.includes(rule.is) ? "temporary" : "permanent")
      return made[rule.is]({ message: `${said}; ${rule.advice}`, retry, ...rule.details?.(text || words) })
    }
    return isOk(status) ? new ProviderFault({ message: said, retry: "temporary" }) : null
  }
