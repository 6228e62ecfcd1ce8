import { ok, type Reply } from "../kit/http.ts"

/** A success. Source: Lambda Cloud API 1.10.0: every answer has its content in `data`. */
export const data = (content: unknown): Reply => ok({ data: content })

/** A refusal, by its code. Source: as above, the ApiError schemas. */
export const refusal = (
  status: number,
  code: string,
  message: string,
  suggestion = "Contact Support if problems continue."
): Reply => ({ status, json: { error: { code, message, suggestion } } })

export const invalid = (message: string): Reply => refusal(400, "global/invalid-parameters", message)
export const unauthorized = (message: string): Reply => refusal(401, "global/invalid-api-key", message)
export const notFound: Reply = refusal(404, "global/not-found", "The requested resource was not found.")
export const noInstance: Reply = refusal(404, "global/object-does-not-exist", "Specified instance does not exist.")
/** What a launch names and the account lacks: 400 and 404 are both documented, 400 is chosen here. */
export const noObject = (what: string): Reply => refusal(400, "global/object-does-not-exist", `${what} does not exist.`)
export const noCapacity: Reply = refusal(
  400,
  "instance-operations/launch/insufficient-capacity",
  "Not enough capacity to fulfill launch request."
)
export const quotaExceeded: Reply = refusal(
  400,
  "global/quota-exceeded",
  "Quota exceeded.",
  "Contact Support to increase your quota."
)
/** What a 429 says is not documented. */
export const tooMany: Reply = refusal(429, "global/too-many-requests", "Rate limit exceeded.")
