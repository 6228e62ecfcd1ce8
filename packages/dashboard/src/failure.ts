import { errorJson, tagOf } from "@anygpu/operations/failure"
import type { FailureJson } from "./protocol/index.ts"

/** What a request got wrong before any operation was asked: its status, and what to do. */
export class Refused extends Error {
  readonly _tag: "Unauthenticated" | "PermissionDenied" | "NotFound" | "InvalidRequest" | "ProviderFault"
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, tag: Refused["_tag"], message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this._tag = tag
    this.headers = headers
  }
}

/** The status for each class of errors: a cloud that refuses its key is no matter between page and server. */
const statuses: ReadonlyArray<readonly [status: number, tags: ReadonlyArray<string>]> = [
  [400, ["Usage", "InvalidRequest", "Unsupported"]],
  [402, ["OutOfFunds"]],
  [403, ["PermissionDenied", "Declined"]],
  [404, ["NotFound"]],
  [409, ["Conflict", "IllegalAction", "NoCapacity", "HostKeyChanged"]],
  [429, ["RateLimited"]],
  [
    502,
    ["Unauthenticated", "Network", "Unreachable", "ConnectionLost", "ProviderFault", "BadResponse", "LoginRefused"]
  ],
  [504, ["Timeout"]]
]

/** Every status that an error may have. */
export const failureStatuses: ReadonlyArray<number> = [
  ...new Set([401, 405, 413, 415, 500, 503, ...statuses.map(([status]) => status)])
].sort((a, b) => a - b)

/** The HTTP status of what was thrown. */
export const statusOf = (error: unknown): number => {
  if (error instanceof Refused) return error.status
  const tag = tagOf(error)
  return statuses.find(([, tags]) => tag !== null && tags.includes(tag))?.[0] ?? 500
}

/** What was thrown, as the body of an answer. */
export const failureJson = (error: unknown): FailureJson => ({ error: errorJson(error, false) })
