import type { ErrorJson } from "@anygpu/operations/protocol"
import { currentToken } from "./token.ts"

/** What the server answered from status 400 on, or that it could not be reached. */
export class Failure extends Error {
  readonly error: ErrorJson
  constructor(error: ErrorJson) {
    super(error.message)
    this.error = error
  }
}

const made = (tag: string, message: string): Failure => new Failure({ tag, message, exitCode: 1, problems: [] })

const failureOf = async (response: Response): Promise<Failure> => {
  const body: unknown = await response.json().catch(() => null)
  const error: unknown = Object(body).error
  const isError = typeof error === "object" && error !== null && "tag" in error && "message" in error
  return isError ? new Failure(error as ErrorJson) : made("Unexpected", `The server answered ${response.status}.`)
}

/** What is sent besides the path. */
export interface Request {
  /** Undefined: it is a GET. */
  readonly input?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Sends one request with the token, and gives its answer; throws {@link Failure}. */
export const send = async (path: string, { input, headers, signal }: Request): Promise<Response> => {
  const token = currentToken()
  const response = await fetch(`/api/v1/${path}`, {
    method: input === undefined ? "GET" : "POST",
    headers: {
      ...headers,
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(input !== undefined && { "content-type": "application/json" })
    },
    ...(input !== undefined && { body: JSON.stringify(input) }),
    ...(signal && { signal }),
    cache: "no-store",
    credentials: "same-origin"
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw made("Network", "The server of this page does not answer. Is `anygpu dashboard` still running?")
  })
  if (!response.ok) throw await failureOf(response)
  return response
}

/** Runs an operation; its answer is what `anygpu <operation> --json` prints. Throws {@link Failure}. */
export const call = async <Answer>(name: string, input: object, signal?: AbortSignal): Promise<Answer> => {
  const response = await send(name, { input, ...(signal && { signal }) })
  return (await response.json()) as Answer
}

/** What was thrown, as the server writes errors. */
export const errorOf = (thrown: unknown): ErrorJson =>
  thrown instanceof Failure ? thrown.error : made("Unexpected", String(thrown)).error
