import type { Refusal } from "./refusals.ts"

const noPermission =
  /\black(?:s|ing)?\b[^.]*\b(?:permissions?|scopes?)\b|\b(?:insufficient|missing|not enough|no)[ _-](?:permissions?|scopes?)\b|\bnot have\b[^.]*\bpermissions?\b/i

const noKey =
  /\b(?:invalid|wrong|unknown|missing|expired|revoked|no such)[ _-]?(?:api|user|access)[ _-]?(?:key|token)\b|\bapi[ _-]?key (?:token )?(?:is |was |has |been )*(?:missing|malformed|invalid|required|expired|revoked|disabled|unknown|not found)\b/i

const noMoney =
  /\binsufficient[ _-]?(?:\w+[ _-])?(?:credits?|balance|funds)\b|\b(?:lacks?|lacking|not enough|out of|no)[ _](?:(?:enough|sufficient|available|account)[ _])?(?:credits?|balance|funds)\b|\bpayment[ _]required\b/i

/**
 * What most clouds mean by words that stand in no document of theirs, for the end of an adapter's rows.
 *
 * - A missing permission comes as a 401 as well; a key that is not taken as a 400 or 403; too little money as any refusal.
 * - Not for a cloud whose words mean nothing, nor above rows of its own.
 */
export const usualRefusals: ReadonlyArray<Refusal> = [
  {
    statuses: [401, 403],
    words: noPermission,
    is: "PermissionDenied",
    advice: "the API key may not do that: give it the permission, or take another key"
  },
  { statuses: [400, 401, 403], words: noKey, is: "Unauthenticated", advice: "check the API key" },
  {
    statuses: [400, 402, 403, 409, 422],
    words: noMoney,
    is: "OutOfFunds",
    advice: "add credit to the account, or take a cheaper offer"
  }
]
