import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { Exchange } from "./exchange.ts"
import type { Incoming } from "./http.ts"

/** Carries a request that came in somewhere to its end. */
export type Carry = (incoming: Incoming, signal: AbortSignal) => Promise<Exchange>

/** A loopback server in front of a simulator. */
export interface SimulatorServer {
  readonly url: string
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("utf8")
}

const write = (response: ServerResponse, { kind, status, headers, body }: Exchange) => {
  if (kind === "lost") return response.socket?.resetAndDestroy()
  const bytes = Buffer.from(body)
  if (kind === "open") {
    response.writeHead(status, { ...headers })
    response.flushHeaders()
    return response.write(bytes)
  }
  response.writeHead(status, { ...headers, "content-length": bytes.length })
  if (kind === "answer") return response.end(bytes)
  return response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy())
}

const headersOf = ({ headersDistinct }: IncomingMessage): Headers => {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value)
  return headers
}

/**
 * Serves a simulator on 127.0.0.1.
 *
 * - Requests say through which `server` they came: what a cloud serves on other hosts can be read at the same address.
 */
export const serve = async (carry: Carry, port: number): Promise<SimulatorServer> => {
  const server = createServer(async (request, response) => {
    const controller = new AbortController()
    response.on("close", () => controller.abort(new Error("The client went away")))
    try {
      const url = new URL(request.url ?? "/", origin())
      const incoming = {
        method: request.method ?? "GET",
        url,
        headers: headersOf(request),
        body: await readBody(request),
        server: url.origin
      }
      write(response, await carry(incoming, controller.signal))
    } catch {
      response.socket?.destroy()
    }
  })
  const origin = () => {
    const address = server.address()
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : port}`
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const url = origin()
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, close, [Symbol.asyncDispose]: close }
}
