import {
  type ErrorFields,
  type GpuError,
  InstanceRef,
  InvalidRequest,
  NoCapacity,
  NotFound,
  OutOfFunds,
  PermissionDenied,
  ProviderFault,
  RateLimited,
  Unauthenticated
} from "@anygpu/core"
import type { Answer } from "@anygpu/core/adapter"
import * as z from "zod"
import { ContractId } from "./ids.ts"

const said = z.string().nullish().catch(undefined)

/**
 * Every shape an error of Vast has: code, text under three names, and the machine a refused create left behind. A field
 * of another type says nothing, and never hides the others.
 */
const Body = z.object({
  success: z.boolean().nullish().catch(undefined),
  error: said,
  msg: said,
  message: said,
  detail: said,
  new_contract: z.unknown().optional()
})
type Body = z.infer<typeof Body>

/** Codes and words by which Vast says that a machine, or a key, does not exist. */
const missingCodes: ReadonlyArray<string> = ["no_such_instance", "not_found", "no_such_ssh_key"]
const missingWords =
  /\bno_such_(?:instance|ssh_key)\b|\bno such instance\b|\binstance\b.*\b(?:not found|does not exist)\b/i

/** What asks for one machine. That a list, a search or an offer is not found says nothing about any. */
const aboutOne: ReadonlyArray<string> = [
  ...["showInstance", "manageInstance", "destroyInstance", "rebootInstance", "recycleInstance", "changeBid"],
  ...["prepayInstance", "showDeposit", "requestLogs", "execute", "listInstanceSshKeys", "attachSshKey", "detachSshKey"]
]

/**
 * Whether Vast itself says, in its own JSON, that the machine (or its key) does not exist: the one refusal that suggests
 * that a machine is gone, besides `instances: null`. Core holds both against the list.
 *
 * - No status says so: a gateway's 404, a route that is retired (410) or an empty body are no words of Vast's.
 *
 * Source: Vast.ai API reference, errors of show, manage, destroy, prepay, change bid and detach ssh key.
 */
const saysMissing = (operation: string, { error, msg, message }: Body): boolean =>
  aboutOne.includes(operation) &&
  (missingCodes.includes(error ?? "") || missingWords.test([error, msg, message].join(" ")))

type Make = (fields: ErrorFields) => GpuError

interface Rule {
  /** Matched against code and text together: Vast puts codes into either. */
  readonly words?: RegExp
  /** Judges Vast's own JSON; never another body. */
  readonly own?: (operation: string, body: Body) => boolean
  readonly statuses?: ReadonlyArray<number>
  readonly operations?: ReadonlyArray<string>
  readonly make: Make
  readonly retry: ErrorFields["retry"]
  readonly advice: string
}

const invalid: Make = (fields) => new InvalidRequest({ ...fields, issues: [{ path: "", problem: fields.message }] })

/**
 * What Vast's refusals mean; the first rule that fits wins. A wrong key can be 401, 403 or 404, so words come before
 * statuses.
 */
const rules: ReadonlyArray<Rule> = [
  {
    words: /auth_error|invalid user key|requires login|session expired|two factor|authentication credentials/i,
    make: (fields) => new Unauthenticated(fields),
    retry: "permanent",
    advice: "check the API key"
  },
  {
    words: /not_authorized|is not your own|blacklisted/i,
    make: (fields) => new PermissionDenied(fields),
    retry: "permanent",
    advice: "this key or account may not do that"
  },
  {
    words: /no_such_ask/i,
    make: (fields) => new NoCapacity(fields),
    retry: "permanent",
    advice: "the offer is taken: list the offers again and take another one"
  },
  {
    words: /requests too frequent|rate_limit_exceeded/i,
    make: (fields) => new RateLimited(fields),
    retry: "temporary",
    advice: "call less often"
  },
  {
    words: /resources_unavailable|resources are currently unavailable/i,
    operations: ["createInstance"],
    make: (fields) => new NoCapacity(fields),
    retry: "permanent",
    advice: "it cannot start now (a bid too low, or its GPU taken): bid more, or take another offer"
  },
  {
    words: /resources_unavailable|resources are currently unavailable/i,
    make: (fields) => new NoCapacity(fields),
    retry: "temporary",
    advice: "the GPU is taken; the start stays queued and will bill later by itself: stop the machine to cancel it"
  },
  {
    words: /insufficient.?credit|missing_billing|spend_rate_limit/i,
    make: (fields) => new OutOfFunds(fields),
    retry: "permanent",
    advice: "add credit to the Vast account, or take a cheaper offer"
  },
  {
    statuses: [411],
    make: (fields) => new OutOfFunds(fields),
    retry: "permanent",
    advice: "add credit to the Vast account"
  },
  {
    own: saysMissing,
    make: (fields) => new NotFound(fields),
    retry: "permanent",
    advice: "list() shows what is there"
  },
  {
    words: /server_error|something went wrong on the server/i,
    make: (fields) => new ProviderFault(fields),
    retry: "temporary",
    advice: "often an image without a tag, else Vast's own fault"
  },
  {
    words: /no_ssh_key\b|no ssh keys/i,
    operations: ["deleteSshKey", "listSshKeys"],
    make: (fields) => new NotFound(fields),
    retry: "permanent",
    advice: "there is no such key"
  },
  {
    words: /invalid_id|invalid instance_id/i,
    operations: ["requestLogs", "recycleInstance"],
    make: (fields) => new NotFound(fields),
    retry: "permanent",
    advice: "list() shows what is there"
  },
  {
    words: /invalid_|label_too_long|no_ssh_key|invalid args/i,
    make: invalid,
    retry: "permanent",
    advice: "change the request"
  }
]

const fits = (rule: Rule, { status, operation }: Answer, words: string, body: Body | null): boolean =>
  (rule.words?.test(words) ?? true) &&
  (rule.own === undefined || (body !== null && rule.own(operation, body))) &&
  (rule.statuses?.includes(status) ?? true) &&
  (rule.operations?.includes(operation) ?? true)

/** Operations whose 200 carries `success`; a 200 without it is no success. */
const claimsSuccess = (operation: string): boolean =>
  !["searchOffers", "listInstances", "showInstance", "listSshKeys", "listInstanceSshKeys", "currentUser"].includes(
    operation
  )

/**
 * What an answer of Vast means when it is an error; null leaves the decision to its status.
 *
 * - A 200 with `success: false` is a refusal; on a write also one without `success: true`.
 * - A refused create that made a machine all the same names it in `leftovers`.
 * - Absence is Vast's to tell, in its own JSON: see {@link saysMissing}. Every other 404 or 410 is left to its status,
 *   which says nothing about a machine.
 */
export const classify = (answer: Answer): GpuError | null => {
  const { status, operation, text } = answer
  const body = Body.safeParse(answer.json).data ?? null
  const ok = status >= 200 && status < 300
  if (ok && body?.success !== false && !(claimsSuccess(operation) && body && body.success !== true)) return null
  if (status === 429 || status >= 500 || (status >= 300 && status < 400)) return null
  if ((status === 404 || status === 410) && body === null) return null
  const texts = [body?.msg, body?.message, body?.detail, body?.error].filter((part) => part != null && part !== "")
  const first = (texts[0] ?? text).slice(0, 300).trim()
  const words = body ? texts.join(" ") : first
  const rule = rules.find((candidate) => fits(candidate, answer, words, body))
  const made = ContractId.safeParse(body?.new_contract).data
  // "queued" with no machine named, or one whose number is not exact: it may exist, so its marker is looked for.
  const isUnnamed = made === undefined && (/queued/i.test(words) || Number(body?.new_contract) > 0)
  if (!rule && !ok && made === undefined && !isUnnamed) return null
  const fields: ErrorFields = {
    message: `Vast refused ${operation}: ${first || `status ${status}`}${rule ? `; ${rule.advice}` : ""}`,
    retry: rule?.retry ?? "temporary",
    ...(isUnnamed && operation === "createInstance" && { unclear: true }),
    ...(made !== undefined && { leftovers: [new InstanceRef("vast", "container", String(made))] })
  }
  return rule ? rule.make(fields) : new ProviderFault(fields)
}
