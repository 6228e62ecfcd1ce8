import {
  Conflict,
  type ErrorFields,
  type GpuError,
  InvalidRequest,
  type Issue,
  NoCapacity,
  NotFound,
  OutOfFunds,
  ProviderFault,
  Unauthenticated
} from "@anygpu/core"
import type { Answer } from "@anygpu/core/adapter"
import * as z from "zod"

const said = z.string().nullish().catch(undefined)

/** One wrong value of a 422. Its `input` repeats what was sent, secrets too, and is not read. */
const Wrong = z.object({ loc: z.array(z.union([z.string(), z.number()])).catch([]), msg: z.string().catch("") })

/** Every shape an error of both families has; a field of another type says nothing, and never hides the others. */
const Body = z.object({
  error: said,
  detail: z
    .union([z.string(), z.array(Wrong)])
    .nullish()
    .catch(undefined)
})

interface Rule {
  readonly words?: RegExp
  readonly statuses?: ReadonlyArray<number>
  readonly operations?: ReadonlyArray<string>
  readonly make: (fields: ErrorFields, text: string) => GpuError
  readonly retry: ErrorFields["retry"]
  readonly advice: string
}

/** The refused system, and those the offer has, from Fluence's own words. */
const wrongSystem = (fields: ErrorFields, text: string): GpuError => {
  const [, valid] = /available os images?:\s*(.+)$/is.exec(text) ?? []
  const problem = valid ? `this offer does not have it; it has: ${valid.trim()}` : text
  return new InvalidRequest({ ...fields, issues: [{ path: "os", problem }] })
}

/**
 * What Fluence's refusals mean; the first rule that fits wins. Most texts are not documented: each rule matches their
 * likely words, and what no rule knows is judged by its status.
 */
const rules: ReadonlyArray<Rule> = [
  {
    words: /auth failed|no such api key|api key token|api key (?:is )?(?:missing|malformed|invalid|required)/i,
    make: (fields) => new Unauthenticated(fields),
    retry: "permanent",
    advice: "check the API key"
  },
  {
    statuses: [400, 409],
    operations: ["terminateContainer", "terminateGpuVm", "terminateBaremetal"],
    make: (fields) => new Conflict(fields),
    retry: "temporary",
    advice: "only an ACTIVE machine can be ended"
  },
  {
    words:
      /\b(?:updat|redeploy|deployment).*\b(?:progress|appl(?:ied|ying)|pending|previous|already|ongoing)|previous update/i,
    statuses: [400, 409, 422],
    operations: ["updateContainer"],
    make: (fields) => new Conflict(fields),
    retry: "temporary",
    advice: "an earlier update is still being applied: try again when get() shows it"
  },
  {
    words: /insufficient[ _](?:balance|funds)/i,
    make: (fields) => new OutOfFunds(fields),
    retry: "permanent",
    advice: "top up the Fluence account, or take a cheaper offer: a GPU launch takes its upfront hours at once"
  },
  {
    words: /\bos image\b.*\bnot supported\b/is,
    make: wrongSystem,
    retry: "permanent",
    advice: "take a system that the offer has"
  },
  {
    words:
      /no suitable offer|not enough offers|\b(?:plan|offer)\b.*\b(?:no longer|not available|unavailable|not found|does not exist)/i,
    make: (fields) => new NoCapacity(fields),
    retry: "permanent",
    advice: "the offer is gone: list the offers again and take another one"
  },
  {
    statuses: [404],
    make: (fields) => new NotFound(fields),
    retry: "permanent",
    advice: "it does not exist, or no longer"
  }
]

const fits = (rule: Rule, { status, operation }: Answer, text: string): boolean =>
  (rule.words?.test(text) ?? true) &&
  (rule.statuses?.includes(status) ?? true) &&
  (rule.operations?.includes(operation) ?? true)

/** `container_settings.expose[0].port` of `["body", "container_settings", "expose", 0, "port"]`. */
const pathOf = (loc: ReadonlyArray<string | number>): string =>
  (loc[0] === "body" ? loc.slice(1) : loc).reduce<string>(
    (path, step) => (typeof step === "number" ? `${path}[${step}]` : `${path}${path && "."}${step}`),
    ""
  )

/**
 * What an answer of Fluence means when it is an error; null leaves the decision to its status. Both families share it.
 *
 * - The shape of the body decides before the number: a 422 with a list names wrong values, a 422 with one text is a
 *   lack of capacity on the CPU side.
 * - A 403 is a wrong key when it says so, else a missing permission.
 * - A success has no `error` by the documents: one that has may have taken effect, or not.
 * - Absence is Fluence's to tell, in its own JSON, and of one thing: a 404 with words. The body of that is not documented,
 *   and a route that is gone may have the same: so it suggests that a machine is gone and no more, and core holds it
 *   against the list. The 404 page of something else says nothing, nor does a list that is gone.
 *
 * Source: Fluence docs, Introduction to the GPU cloud API; Deploy GPU instances: error responses.
 */
export const classify = (answer: Answer): GpuError | null => {
  const { status, operation } = answer
  if (status === 429 || status >= 500) return null
  const { error, detail } = Body.safeParse(answer.json).data ?? {}
  if (status < 400) {
    if (!error || status >= 300) return null
    const message = `${operation}: Fluence answered ${status} and an error, ${error.slice(0, 300)}: whether it took effect is not known`
    return new ProviderFault({ message, retry: "temporary" })
  }
  if (Array.isArray(detail)) {
    const issues = detail.map(({ loc, msg }): Issue => ({ path: pathOf(loc), problem: msg || "is not valid" }))
    const problems = issues.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join("; ")
    const message = `Fluence refused ${operation}: ${problems || `status ${status}`}; change the request`
    return new InvalidRequest({ message, retry: "permanent", issues })
  }
  const text = (error || detail || "").trim()
  if ((status === 404 || status === 410) && (!text || operation.startsWith("list"))) return null
  const rule = rules.find((candidate) => fits(candidate, answer, text))
  if (!rule) return null
  const message = `Fluence refused ${operation}: ${text.slice(0, 300) || `status ${status}`}; ${rule.advice}`
  return rule.make({ message, retry: rule.retry }, text)
}
