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
import { ContractId } from "./wire.ts"

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
  new_contract: ContractId.nullish().catch(undefined)
})

type Make = (fields: ErrorFields) => GpuError

interface Rule {
  /** Matched against code and text together: Vast puts codes into either. */
  readonly words?: RegExp
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
    statuses: [410],
    operations: ["createInstance"],
    make: (fields) => new NoCapacity(fields),
    retry: "permanent",
    advice: "the offer is gone: list the offers again and take another one"
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
    words: /no_such_instance|no such instance|no_such_ssh_key|\bnot_found\b/i,
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
    statuses: [404],
    make: (fields) => new NotFound(fields),
    retry: "permanent",
    advice: "list() shows what is there"
  },
  {
    words: /no_ssh_key\b/i,
    operations: ["deleteSshKey"],
    make: (fields) => new NotFound(fields),
    retry: "permanent",
    advice: "the key is gone already"
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

const fits = (rule: Rule, { status, operation }: Answer, words: string): boolean =>
  (rule.words?.test(words) ?? true) &&
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
 * - Absence is Vast's to tell, in its own JSON: the 404 page of something else is no "not found".
 */
export const classify = (answer: Answer): GpuError | null => {
  const { status, operation, text } = answer
  const parsed = Body.safeParse(answer.json)
  const body = parsed.success ? parsed.data : {}
  const ok = status >= 200 && status < 300
  if (ok && body.success !== false && !(claimsSuccess(operation) && parsed.success && body.success !== true))
    return null
  if (status === 429 || status >= 500 || (status >= 300 && status < 400)) return null
  if (status === 404 && !parsed.success) {
    const message = `${operation}: a 404 that is none of Vast's, so it tells of nothing that is missing: check baseUrl`
    return new ProviderFault({ message, retry: "permanent" })
  }
  const texts = [body.msg, body.message, body.detail, body.error].filter((part) => part != null && part !== "")
  const first = (texts[0] ?? text).slice(0, 300).trim()
  const words = parsed.success ? texts.join(" ") : first
  const rule = rules.find((candidate) => fits(candidate, answer, words))
  if (!rule && !ok) return null
  const fields: ErrorFields = {
    message: `Vast refused ${operation}: ${first || `status ${status}`}${rule ? `; ${rule.advice}` : ""}`,
    retry: rule?.retry ?? "temporary",
    // "queued" with no machine named: it may exist all the same, so its marker is looked for.
    ...(body.new_contract == null && operation === "createInstance" && /queued/i.test(words) && { unclear: true }),
    ...(body.new_contract != null && {
      leftovers: [new InstanceRef("vast", "container", String(body.new_contract))]
    })
  }
  return rule ? rule.make(fields) : new ProviderFault(fields)
}
