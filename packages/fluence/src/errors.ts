import { type GpuError, InvalidRequest, type Issue } from "@anygpu/core"
import { type Answer, type Refusal, type RefusalDetails, refusals, usualRefusals } from "@anygpu/core/adapter"
import * as z from "zod"

/** One wrong value of a 422. Its `input` repeats what was sent, secrets too, and is not read. */
const Wrong = z.object({ loc: z.array(z.union([z.string(), z.number()])).catch([]), msg: z.string().catch("") })

const WrongValues = z.object({ detail: z.array(Wrong) })

/** The refused system, and those the offer has, from Fluence's own words. */
const wrongSystem = (text: string): RefusalDetails => {
  const [, valid] = /available os images?:\s*(.+)$/is.exec(text) ?? []
  return { issues: [{ path: "os", problem: valid ? `this offer does not have it; it has: ${valid.trim()}` : text }] }
}

/** What asks for one thing, or takes one. That a list is not found says nothing about any. */
const aboutOne: ReadonlyArray<string> = [
  ...["showContainer", "updateContainer", "terminateContainer", "containerLogs", "containerEvents"],
  ...["showGpuVm", "renameGpuVm", "terminateGpuVm", "showBaremetal", "renameBaremetal", "terminateBaremetal"],
  ...["updateCpuVm", "updateCpuVmsV3", "deleteCpuVms", "deleteSshKey"],
  ...["deployContainer", "deployGpuVm", "deployBaremetal", "createCpuVms"]
]

const checkKey = "check the API key"
const topUp = "top up the Fluence account, or take a cheaper offer: a GPU launch takes its upfront hours at once"

/**
 * What Fluence's refusals mean. Most texts are not documented: each row matches their likely words, and what no row
 * knows is judged by its status.
 *
 * Source: Fluence docs, Introduction to the GPU cloud API; Deploy GPU instances: error responses; OpenAPI 0.10, ErrorCode.
 */
const rules: ReadonlyArray<Refusal> = [
  {
    words: /auth failed|no such api key|api key token|api key (?:is )?(?:missing|malformed|invalid|required)/i,
    is: "Unauthenticated",
    advice: checkKey
  },
  { words: /^unauthorized$/, under: ["code"], is: "Unauthenticated", advice: checkKey },
  {
    statuses: [400, 409],
    operations: ["terminateContainer", "terminateGpuVm", "terminateBaremetal"],
    is: "Conflict",
    advice: "only an ACTIVE machine can be ended"
  },
  {
    words:
      /\b(?:updat|redeploy|deployment).*\b(?:progress|appl(?:ied|ying)|pending|previous|already|ongoing)|previous update/i,
    statuses: [400, 409, 422],
    operations: ["updateContainer"],
    is: "Conflict",
    advice: "an earlier update is still being applied: try again when get() shows it"
  },
  { statuses: [406], words: /\bnot in a status\b/i, is: "Conflict", advice: "its present state forbids this" },
  { words: /^not_acceptable$/, under: ["code"], is: "Conflict", advice: "its present state forbids this" },
  { words: /insufficient[ _](?:balance|funds)/i, is: "OutOfFunds", advice: topUp },
  {
    words: /\bos image\b.*\bnot supported\b/is,
    is: "InvalidRequest",
    details: wrongSystem,
    advice: "take a system that the offer has"
  },
  {
    words:
      /no suitable offer|not enough offers|\b(?:plan|offer)\b.*\b(?:no longer|not available|unavailable|not found|does not exist)/i,
    is: "NoCapacity",
    advice: "the offer is gone: list the offers again and take another one"
  },
  {
    statuses: [404],
    under: ["error", "detail"],
    operations: aboutOne,
    is: "NotFound",
    advice: "it does not exist, or no longer"
  },
  ...usualRefusals
]

/** `container_settings.expose[0].port` of `["body", "container_settings", "expose", 0, "port"]`. */
const pathOf = (loc: ReadonlyArray<string | number>): string =>
  (loc[0] === "body" ? loc.slice(1) : loc).reduce<string>(
    (path, step) => (typeof step === "number" ? `${path}[${step}]` : `${path}${path && "."}${step}`),
    ""
  )

const wrongValues = ({ operation, status, json }: Answer): GpuError | null => {
  const detail = status === 400 || status === 422 ? WrongValues.safeParse(json).data?.detail : undefined
  if (!detail) return null
  const issues = detail.map(({ loc, msg }): Issue => ({ path: pathOf(loc), problem: msg || "is not valid" }))
  const problems = issues.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join("; ")
  const message = `Fluence refused ${operation}: ${problems || `status ${status}`}; change the request`
  return new InvalidRequest({ message, retry: "permanent", issues })
}

const judge = refusals({ cloud: "Fluence", rules })

/**
 * What an answer of Fluence means when it is an error; null leaves the decision to its status. Both families share it.
 *
 * - The shape of the body decides before the number: a 422 with a list names wrong values, a 422 with one text is a
 *   lack of capacity on the CPU side.
 * - A 403 is a wrong key when it says so, else a missing permission.
 * - Only Fluence's own JSON suggests absence, and only of one thing: a 404 with words. The body of that is not documented,
 *   and a route that is gone may have the same: so it proves nothing, and core checks it
 *   against the list. The 404 page of something else says nothing, nor does a list that is gone.
 */
export const classify = (answer: Answer): GpuError | null => wrongValues(answer) ?? judge(answer)
