import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { InvalidRequest, type Issue } from "../errors.ts"
import type { Secret } from "./redact/redact.ts"

/** Headers as they are given: wrapped values count as secrets. */
export type Headers = Readonly<Record<string, Secret>>

const credentialHeader = /auth|key|token|secret|cookie/i

const unsendable = /[^\t\x20-\x7e\x80-\xff]/

/** The headers of a request as they are sent, their names in lower case; later ones win. */
export const headersOf = (
  given: ReadonlyArray<Headers>,
  hasBody: boolean
): Result.Result<Record<string, string>, InvalidRequest> => {
  const merged: Record<string, string> = { accept: "application/json", "user-agent": "anygpu" }
  if (hasBody) merged["content-type"] = "application/json"
  const issues: Issue[] = []
  for (const headers of given) {
    for (const [name, wrapped] of Object.entries(headers)) {
      merged[name.toLowerCase()] = Redacted.isRedacted(wrapped) ? Redacted.value(wrapped) : wrapped
    }
  }
  for (const name of Object.keys(merged)) {
    if (unsendable.test(merged[name] ?? "")) {
      issues.push({ path: `headers.${name}`, problem: "has a line break or another character no header may have" })
    }
  }
  return issues.length > 0 ? Result.fail(InvalidRequest.all(issues)) : Result.succeed(merged)
}

/** The secrets in the account's headers. */
export const credentialsIn = (headers: Headers): ReadonlyArray<Secret> =>
  Object.entries(headers).flatMap(([name, value]): ReadonlyArray<Secret> => {
    if (Redacted.isRedacted(value)) return [value]
    return credentialHeader.test(name) ? [value, String(value).replace(/^\S+\s+/, "")] : []
  })
