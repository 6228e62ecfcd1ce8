import { InvalidRequest } from "../errors.ts"

const loopback = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Whether a URL leads to this very machine. */
export const isLoopback = (url: URL): boolean => loopback.test(url.hostname)

/**
 * Checks where a cloud is said to be and drops trailing slashes.
 *
 * - Plain http only to this machine, so that no key travels in clear text.
 * - Throws `InvalidRequest` for `baseUrl` when it is no URL, carries credentials, a query or a fragment.
 */
export const parseBaseUrl = (baseUrl: string): URL => {
  if (!URL.canParse(baseUrl)) throw InvalidRequest.of("baseUrl", "is not a URL: write https://host/path")
  const url = new URL(baseUrl)
  if (url.username || url.password || url.search || url.hash) {
    throw InvalidRequest.of("baseUrl", "must not carry credentials, a query or a fragment")
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw InvalidRequest.of(
      "baseUrl",
      `must begin with https:// (${url.protocol}//${url.host} would show the key to others)`
    )
  }
  url.pathname = url.pathname.replace(/\/+$/, "")
  return url
}
