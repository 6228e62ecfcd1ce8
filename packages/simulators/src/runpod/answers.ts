import { isObject, type Reply } from "../kit/http.ts"

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  422: "Unprocessable Entity",
  429: "Too Many Requests"
}

/** A problem as Runpod states it. Source: Runpod API v2, ErrorResponse. */
export const problem = (status: number, detail: string, errors?: readonly string[]): Reply => ({
  status,
  json: { title: titles[status] ?? "Internal Server Error", status, detail, ...(errors && { errors }) },
  contentType: "application/problem+json"
})

export const podNotFound: Reply = problem(404, "pod not found")

/** Source: Runpod's own migration notes, as seen live. */
export const noCapacity: Reply = problem(
  400,
  "There are no longer any instances available with the requested specifications. Please refresh and try again."
)
/** Source: as above, of a start. */
export const hostFull: Reply = problem(400, "There are not enough free GPUs on the host machine to start this pod.")
/** What a 402 says is not documented. */
export const tooPoor: Reply = problem(402, "insufficient balance")
/** What a 409 says is not documented. */
export const illegalNow: Reply = problem(409, "action not allowed for the current pod status")

/** A 422 where a body has unknown fields or lacks some; undefined where it fits. */
export const misfit = (body: unknown, known: readonly string[], required: readonly string[]): Reply | undefined => {
  if (!isObject(body)) return problem(422, "Request validation failed.", ["$: value must be an object"])
  const errors = [
    ...required.filter((name) => !(name in body)).map((name) => `$: missing property '${name}'`),
    ...Object.keys(body)
      .filter((name) => !known.includes(name))
      .map((name) => `$: additional properties '${name}' not allowed`)
  ]
  return errors.length > 0 ? problem(422, "Request validation failed.", errors) : undefined
}
