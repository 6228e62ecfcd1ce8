import { type Refusal, refusals, usualRefusals } from "@anygpu/core/adapter"

const code = { under: ["code"] }

/**
 * What Lambda's codes mean, the first row that fits: its words may change, so that its codes decide. What no row knows is
 * judged by its status.
 *
 * Source: Lambda Cloud API 1.10.0, the ApiError schemas.
 */
const rules: ReadonlyArray<Refusal> = [
  {
    ...code,
    statuses: [400],
    words: /^instance-operations\/launch\/insufficient-capacity$/,
    is: "NoCapacity",
    advice: "take an offer of another type or region: what was listed a moment ago may be gone"
  },
  {
    ...code,
    statuses: [400],
    words: /^global\/quota-exceeded$/,
    operations: ["launchInstance"],
    is: "PermissionDenied",
    advice: "it is a quota of the account: end machines, or ask Lambda for more"
  },
  {
    ...code,
    statuses: [400],
    words: /^instance-operations\/launch\/file-system-in-wrong-region$/,
    is: "InvalidRequest",
    advice: "take an offer in the region of the file system"
  },
  {
    ...code,
    statuses: [403],
    words: /^global\/(account-inactive|invalid-address)$/,
    is: "PermissionDenied",
    advice: "verify the email address, the payment method and the billing address in Lambda's console"
  },
  {
    ...code,
    statuses: [404],
    words: /^global\/object-does-not-exist$/,
    operations: ["getInstance", "postInstance", "restartInstance", "terminateInstance"],
    is: "NotFound",
    advice: "it does not exist, or no longer"
  },
  {
    ...code,
    statuses: [404],
    words: /^global\/(not-found|object-does-not-exist)$/,
    operations: ["deleteSSHKey"],
    is: "NotFound",
    advice: "no key of the account has this id"
  },
  {
    ...code,
    statuses: [400, 404],
    words: /^global\/object-does-not-exist$/,
    operations: ["launchInstance"],
    is: "InvalidRequest",
    advice: "the launch names something that the account does not have: list the offers, images and file systems again"
  },
  {
    ...code,
    statuses: [409],
    words: /^global\/internal-error$/,
    is: "ProviderFault",
    advice: "Lambda says with a 409 that it failed: try again later"
  },
  {
    statuses: [400, 409],
    operations: ["terminateInstance"],
    is: "Conflict",
    advice: "it cannot be ended in its present state, such as while it boots: try again later"
  },
  ...usualRefusals
]

/** Asked about every answer. */
export const classify = refusals({ cloud: "Lambda", rules })
