import {
  BadResponse,
  type ErrorFields,
  type GpuError,
  PermissionDenied,
  ProviderFault,
  Unauthenticated,
  withContext
} from "../errors.ts"
import type { Answer } from "./answer.ts"
import { quotaOr } from "./quota.ts"
import type { Redactor } from "./redact/redact.ts"
import { wordsOf } from "./said.ts"
import { errorOfStatus } from "./status-error.ts"

const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Whether a field holds an error: `null`, `false` and what is empty do not. */
const holdsError = (value: unknown): boolean =>
  typeof value === "string" || Array.isArray(value)
    ? value.length > 0
    : isFields(value)
      ? Object.keys(value).length > 0
      : value === true

/** The words of an answer that say that the key is not taken. */
const keyWords =
  /unauthori[sz]ed|unauthenticated|(invalid|wrong|missing) (api )?(key|token)|authentication (failed|required)/i

/**
 * The error that a success carries: a cloud, or what stands before it, that says 200 and means something else.
 *
 * - An answer with `error` or `errors` in it, or with `success: false`, holds no list, also where there is an empty one.
 * - A wrong key shows by its number (401, 403) or its words; anything else may have taken effect, or not.
 */
const errorInSuccess = (answer: Answer): GpuError | null => {
  const { json, operation, status } = answer
  if (!isFields(json)) return null
  if (!holdsError(json["error"]) && !holdsError(json["errors"]) && json["success"] !== false) return null
  const inner = isFields(json["error"]) ? json["error"] : {}
  const said = wordsOf(answer)
  const fields = (advice: string) => ({
    message: `${operation}: the cloud answered ${status} and an error${said && ` (${said})`}: ${advice}`,
    retry: "permanent" as const
  })
  const code = [json, inner].flatMap((one) => [one["code"], one["status"], one["statusCode"], one["status_code"]])
  if (code.some((one) => Number(one) === 403)) return new PermissionDenied(fields("check what the API key may do"))
  if (code.some((one) => Number(one) === 401) || keyWords.test(said))
    return new Unauthenticated(fields("check the API key"))
  return new ProviderFault({ ...fields("whether it took effect is not known"), retry: "temporary" })
}

/**
 * A part of an answer (206), of which nobody asked for parts: what it lacks is not known.
 *
 * - Whatever stands in it is no list, and no word about anything that it does not show.
 */
const partial = ({ status, operation }: Answer): GpuError | null => {
  if (status !== 206) return null
  const message = `${operation}: the cloud answered 206, a part of the answer: what is in the rest is not known; try again later`
  return new BadResponse({ message, retry: "temporary", path: "" })
}

/**
 * The error that an answer is; null for a success.
 *
 * - Asks the adapter twice: the decision rests on the answer as it came, the words on the answer without secrets, so that
 *   neither an echoed value misleads the one nor a message cut short hides half a secret in the other.
 * - A quota is no wrong request, whatever its status.
 */
export const errorOfAnswer = (
  answer: Answer,
  classify: (answer: Answer) => GpuError | null,
  redactor: Redactor
): GpuError | null => {
  const judge = (given: Answer) => {
    const error = classify(given) ?? (isOk(given) ? (errorInSuccess(given) ?? partial(given)) : errorOfStatus(given))
    return error && quotaOr(error)
  }
  const decision = judge(answer)
  if (decision === null) return null
  const { text, json } = redactor
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, text(value)]))
  const safe = judge({ ...answer, headers, text: text(answer.text), json: json(answer.json) })
  const words: Partial<ErrorFields> & { readonly issues?: unknown } = {
    message: safe?.message ?? `${answer.operation}: the cloud refused in words that are withheld: they repeat a secret`,
    cause: safe?.cause,
    ...("issues" in decision ? { issues: safe && "issues" in safe ? safe.issues : [] } : {})
  }
  return withContext(decision, words)
}
