import type { IncomingMessage } from "node:http"
import type { Names } from "./address.ts"
import { Refused } from "./failure.ts"
import { hasToken } from "./token.ts"

/** What a request needs to be let in. */
export interface Gate {
  readonly names: Names
  readonly token: string
}

/** Refuses a request that was sent to another name: a page whose name was led to this address by its DNS. */
export const checkHost = ({ headers: { host } }: IncomingMessage, { names }: Gate): void => {
  if (host !== undefined && names.hosts.has(host.toLowerCase())) return
  throw new Refused(
    403,
    "PermissionDenied",
    `This server is not called ${JSON.stringify(host ?? "")}: see --public-url`
  )
}

/**
 * Refuses a call that a page of another site makes, or that has no token.
 *
 * - A browser says in `Origin` and `Sec-Fetch-Site` which page asks; a program may leave both out, and needs the token.
 */
export const checkCaller = ({ headers }: IncomingMessage, { names, token }: Gate): void => {
  const { origin, authorization, "sec-fetch-site": site } = headers
  if (origin !== undefined && !names.origins.has(origin)) {
    throw new Refused(403, "PermissionDenied", `Pages of ${JSON.stringify(origin)} may not ask this server`)
  }
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    throw new Refused(403, "PermissionDenied", "Pages of other sites may not ask this server")
  }
  if (hasToken(authorization, token)) return
  const message = "The token is missing or wrong: open the address that `anygpu dashboard` printed"
  throw new Refused(401, "Unauthenticated", message, { "www-authenticate": "Bearer" })
}
