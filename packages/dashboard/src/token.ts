import { createHash, randomBytes, timingSafeEqual } from "node:crypto"

/** A new token: 256 random bits, as text that may stand in an address. */
export const newToken = (): string => randomBytes(32).toString("base64url")

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

/** Whether a request's `Authorization` has the token. It takes as long for every wrong one. */
export const hasToken = (authorization: string | undefined, token: string): boolean => {
  const [, given = ""] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? "") ?? []
  return timingSafeEqual(digest(given), digest(token))
}
