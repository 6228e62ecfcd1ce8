import { createServer } from "node:http"
import type { Duplex } from "node:stream"
import type { PortHandler } from "../process.ts"

/** Answers what comes on a connection to a port of the machine, by HTTP. */
export const serveHttp = (connection: Duplex, handler: PortHandler): void => {
  const server = createServer((request, response) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, value?.toString()])
    )
    const { status, body, type } = handler({ method: request.method ?? "GET", path: request.url ?? "/", headers })
    request.resume()
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body), connection: "close" })
    response.end(body)
  })
  connection.on("error", () => {})
  server.emit("connection", connection)
}
