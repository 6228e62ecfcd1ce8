import { createServer, type Server } from "node:http"

/** Where a keeper answers how it is. */
export interface Listen {
  /** 0: any that is free. */
  readonly port: number
  /** `127.0.0.1` when absent: there is nothing secret in it, and nothing for strangers either. */
  readonly host?: string
}

/** How a keeper is. */
export interface Health {
  readonly isWell: boolean
  readonly id: string
  /** What is not well, in words. */
  readonly problems: ReadonlyArray<string>
}

/** A server that is open. */
export interface OpenServer {
  readonly url: string
  readonly close: () => Promise<void>
}

const addressOf = (server: Server, host: string): string => {
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`
}

/** Answers `GET /healthz` (200, or 503 with what is not well) and `GET /metrics` (for Prometheus). */
export const openServer = (
  { port, host = "127.0.0.1" }: Listen,
  { health, metrics }: { readonly health: () => Health; readonly metrics: () => string }
): Promise<OpenServer> => {
  const server = createServer(({ method, url = "" }, response) => {
    const [path] = url.split("?")
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body)
    if (method !== "GET" && method !== "HEAD") return answer(405, "text/plain", "GET only\n")
    if (path === "/healthz") {
      const state = health()
      return answer(state.isWell ? 200 : 503, "application/json", `${JSON.stringify(state)}\n`)
    }
    if (path === "/metrics") return answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics())
    return answer(404, "text/plain", "there are /healthz and /metrics\n")
  })
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () =>
      resolve({
        url: addressOf(server, host),
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          })
      })
    )
  })
}
