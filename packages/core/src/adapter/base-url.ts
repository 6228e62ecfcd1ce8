import { InvalidRequest } from "../errors.ts"

const loopback = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Whether a URL leads to this very machine. */
export const isLoopback = (url: URL): boolean => loopback.test(url.hostname)

/** What is wrong with the address of an API; null where nothing is. Plain http only to this machine: no key in clear text. */
export const baseUrlProblem = (baseUrl: string): string | null => {
  if (!URL.canParse(baseUrl)) return "is not a URL: write https://host/path"
  const { username, password, search, hash, protocol, host, hostname } = new URL(baseUrl)
  if (username || password || search || hash) return "must not carry credentials, a query or a fragment"
  if (protocol === "https:" || (protocol === "http:" && loopback.test(hostname))) return null
  return `must begin with https:// (${protocol}//${host} would show the key to others)`
}

/**
 * Checks where a cloud is said to be and drops trailing slashes.
 *
 * - Throws `InvalidRequest` for `baseUrl` where {@link baseUrlProblem} says something.
 */
export const parseBaseUrl = (baseUrl: string): URL => {
  const problem = baseUrlProblem(baseUrl)
  if (problem !== null) throw InvalidRequest.of("baseUrl", problem)
  const url = new URL(baseUrl)
  url.pathname = url.pathname.replace(/\/+$/, "")
  return url
}
