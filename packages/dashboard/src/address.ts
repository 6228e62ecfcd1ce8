import type { Server } from "node:http"
import { InvalidRequest } from "anygpu"

/** Where a dashboard answers, and under which address it is known. */
export interface ListenOptions {
  /** 0, the default: any that is free. */
  readonly port?: number
  /** The address to listen at: `127.0.0.1` by default. Another one than this computer's own needs a `publicUrl`. */
  readonly host?: string
  /**
   * The address that people open, where it is another one: `https://gpu.example.com`, of a proxy that logs them in. Only
   * requests for its host, and from its pages, are answered beside those of this computer.
   */
  readonly publicUrl?: string
}

/** Which requests are for this server, by their headers. */
export interface Names {
  readonly hosts: ReadonlySet<string>
  readonly origins: ReadonlySet<string>
}

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"])

const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host)

const publicUrlOf = ({ publicUrl }: ListenOptions): URL | null => {
  if (publicUrl === undefined) return null
  const url = URL.parse(publicUrl)
  const isWhole = url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search && !url.hash
  if (isWhole && !url.username && !url.password) return url
  throw InvalidRequest.of("publicUrl", `"${publicUrl}" is not the address of a server: write https://gpu.example.com`)
}

/**
 * Checks where a dashboard is to listen.
 *
 * - Throws `InvalidRequest` for an address that other computers reach, without a `publicUrl` that says how.
 */
export const checkListen = (listen: ListenOptions): void => {
  const { host = "127.0.0.1" } = listen
  if (publicUrlOf(listen) !== null || loopback.has(host)) return
  const problem =
    `"${host}" is reached by other computers, and this server speaks plain HTTP: pass the address that people open ` +
    "(publicUrl), best https of a proxy that logs them in"
  throw InvalidRequest.of("host", problem)
}

/** The address at which a server listens. */
export const addressOf = (server: Server, { host = "127.0.0.1" }: ListenOptions): string => {
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return `http://${bracketed(host)}:${port}`
}

/** Which hosts and origins are this server's own: those of this computer at its port, and the public one. */
export const namesOf = (address: string, listen: ListenOptions): Names => {
  const { port } = new URL(address)
  const own = [...loopback].map((host) => new URL(`http://${bracketed(host)}:${port || 80}`))
  const all = [...own, new URL(address), ...[publicUrlOf(listen)].filter((url) => url !== null)]
  return { hosts: new Set(all.map(({ host }) => host)), origins: new Set(all.map(({ origin }) => origin)) }
}

/** The address to open: the public one, else where it listens. */
export const openedAt = (address: string, listen: ListenOptions): string => publicUrlOf(listen)?.origin ?? address
