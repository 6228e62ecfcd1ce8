import { type GpuError, InstanceRef, ProviderFault, withContext } from "@anygpu/core"
import { type Answer, type Refusal, refusals, usualRefusals, wordsOf } from "@anygpu/core/adapter"
import * as z from "zod"
import { ContractId } from "./ids.ts"

/**
 * What an answer of Vast says beside its words: whether it succeeded, and the machine that a refused create left behind.
 */
const Body = z.object({ success: z.boolean().nullish().catch(undefined), new_contract: z.unknown().optional() })

/** What asks for one machine. That a list, a search or an offer is not found says nothing about any. */
const aboutOne: ReadonlyArray<string> = [
  ...["showInstance", "manageInstance", "destroyInstance", "rebootInstance", "recycleInstance", "changeBid"],
  ...["prepayInstance", "showDeposit", "requestLogs", "execute", "listInstanceSshKeys", "attachSshKey", "detachSshKey"]
]

const listAgain = "list() shows what is there"

/**
 * That there is no such machine, or no such key on it, is Vast's to say, in its own JSON. It suggests that a machine is
 * gone and no more: core holds it against the list. A gateway's 404, a route that is retired (410) or an empty body are
 * no words of Vast's. Every id that is sent is a whole number, so one that is "invalid" is one that is not there.
 *
 * Source: Vast.ai API reference, errors of show, manage, destroy, reboot, recycle, execute, logs, prepay, change bid and
 * detach ssh key.
 */
const absent: ReadonlyArray<Refusal> = [
  {
    words: /^(?:no_such_instance|not_found|no_such_ssh_key|invalid_id|invalid_container(?:_id)?)$/,
    under: ["error"],
    operations: aboutOne,
    is: "NotFound",
    advice: listAgain
  },
  {
    words:
      /\bno_such_(?:instance|ssh_key)\b|\bno such instance\b|\binstance\b.*\b(?:not found|does not exist)\b|\binvalid (?:instance|container)[ _]id\b/i,
    under: ["error", "msg", "message"],
    operations: aboutOne,
    is: "NotFound",
    advice: listAgain
  },
  {
    words: /no_pending_price_increase/i,
    operations: ["acceptPriceIncrease", "rejectPriceIncrease"],
    is: "NotFound",
    advice: "it is decided already, or withdrawn: listPriceIncreases() shows what is pending"
  },
  {
    words: /no_ssh_key\b|no ssh keys/i,
    operations: ["deleteSshKey", "listSshKeys"],
    is: "NotFound",
    advice: "there is no such key"
  }
]

/** Who asks, and whether he may. A wrong key can be 401, 403 or 404, and a missing permission 401: words come first. */
const access: ReadonlyArray<Refusal> = [
  {
    words: /\blacks?\b[^.]*\bpermissions?\b|\bpermission group\b/i,
    is: "PermissionDenied",
    advice: "the API key lacks a permission: give it the group, or take another key"
  },
  {
    words:
      /auth_error|invalid_api_?key|invalid (?:user|api) ?key|requires login|session expired|two factor|authentication credentials/i,
    is: "Unauthenticated",
    advice: "check the API key"
  },
  {
    words: /not_authorized|is not your own|blacklisted/i,
    is: "PermissionDenied",
    advice: "this key or account may not do that"
  }
]

const unavailable = /resources_unavailable|resources are currently unavailable/i

const capacity: ReadonlyArray<Refusal> = [
  {
    words: /no_such_ask/i,
    is: "NoCapacity",
    advice: "the offer is taken: list the offers again and take another one"
  },
  {
    words: unavailable,
    operations: ["createInstance"],
    is: "NoCapacity",
    advice: "it cannot start now (a bid too low, or its GPU taken): bid more, or take another offer"
  },
  {
    words: unavailable,
    is: "NoCapacity",
    retry: "temporary",
    advice: "the GPU is taken; the start stays queued and will bill later by itself: stop the machine to cancel it"
  }
]

const addCredit = "add credit to the Vast account, or take a cheaper offer"

const money: ReadonlyArray<Refusal> = [
  {
    words: /insufficient.?credit|\blacks?\b[^.]*\bcredits?\b|missing_billing|spend_rate_limit/i,
    is: "OutOfFunds",
    advice: addCredit
  },
  // Which status the limit of new accounts has is not documented: calling less often does not lift it.
  { statuses: [429], words: /spend_rate_limit/i, is: "OutOfFunds", advice: addCredit },
  { statuses: [411], is: "OutOfFunds", advice: addCredit },
  {
    words: /requests too frequent|rate_limit_exceeded|HTTPTooManyRequests/i,
    is: "RateLimited",
    advice: "call less often"
  }
]

/** What Vast's refusals mean. Codes such as `invalid_args` are used for everything: they come last. */
const rules: ReadonlyArray<Refusal> = [
  ...access,
  ...capacity,
  ...money,
  ...absent,
  {
    words: /server_error|something went wrong on the server/i,
    is: "ProviderFault",
    advice: "often an image without a tag, else Vast's own fault"
  },
  ...usualRefusals,
  { statuses: [401], is: "Unauthenticated", advice: "check the API key" },
  { statuses: [403], is: "PermissionDenied", advice: "check what the API key may do" },
  { words: /invalid_|label_too_long|no_ssh_key|invalid args/i, is: "InvalidRequest", advice: "change the request" }
]

/** Operations whose 200 carries `success`; a 200 without it is no success. */
const claimsSuccess = (operation: string): boolean =>
  !["searchOffers", "listInstances", "showInstance", "listSshKeys", "listInstanceSshKeys", "currentUser"].includes(
    operation
  )

const refusesInSuccess = ({ json, operation }: Answer): boolean => {
  const body = Body.safeParse(json).data
  return body?.success === false || (body !== undefined && claimsSuccess(operation) && body.success !== true)
}

const judge = refusals({ cloud: "Vast", rules, refusesInSuccess })

/**
 * What an answer of Vast means when it is an error; null leaves the decision to its status.
 *
 * - A 200 with `success: false` is a refusal; on a write also one without `success: true`.
 * - A refused create that made a machine all the same names it in `leftovers`.
 * - Only Vast's own JSON suggests absence. Every other 404 or 410 is left to its status, which says nothing about a
 *   machine.
 */
export const classify = (answer: Answer): GpuError | null => {
  const { status, operation } = answer
  const error = judge(answer)
  if (operation !== "createInstance" || (error === null && (status < 400 || status === 429 || status >= 500))) {
    return error
  }
  const named = Body.safeParse(answer.json).data?.new_contract
  const made = ContractId.safeParse(named).data
  // "queued" with no machine named, or one whose number is not exact: it may exist, so its marker is looked for.
  const isUnnamed = made === undefined && (Number(named) > 0 || /queued/i.test(wordsOf(answer)))
  if (made === undefined && !isUnnamed) return error
  const message = `Vast refused ${operation}: ${wordsOf(answer) || `status ${status}`}`
  return withContext<GpuError>(error ?? new ProviderFault({ message, retry: "temporary" }), {
    ...(isUnnamed && { unclear: true }),
    ...(made !== undefined && { leftovers: [new InstanceRef("vast", "container", String(made))] })
  })
}
