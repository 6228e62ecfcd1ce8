import type { Reply } from "../kit/http.ts"
import type { World } from "./world.ts"

const refusal =
  (status: number, code: string) =>
  (message: string): Reply => ({ status, json: { code, message } })

/** Source: Verda API v1, OpenAPI: errors. */
export const invalid = refusal(400, "invalid_request")
export const unauthorized = refusal(401, "unauthorized_request")
export const missing = refusal(404, "not_found")
export const conflict = refusal(409, "conflict")

/** What a 402 says is not documented. */
export const tooPoor: Reply = refusal(402, "insufficient_funds")("Insufficient funds")
export const noCapacity: Reply = refusal(503, "service_unavailable")("No capacity available")

/** An id that no machine has: a 404, and a 400 as clients have seen it. */
export const noInstance = ({ choices }: World): Reply =>
  choices.missingAs === 404 ? missing("Instance not found") : invalid("Invalid instance id")

/** An id of what was made: published as a JSON text, seen as bare text, taken by clients as an object. */
export const made = ({ choices }: World, status: 201 | 202, id: string): Reply => {
  if (choices.idsAs === "text") return { status, text: id, contentType: "text/html; charset=utf-8" }
  return { status, json: choices.idsAs === "json" ? id : { id } }
}
