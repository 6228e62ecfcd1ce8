import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { Exchange } from "./exchange.ts"
import type { Carry } from "./simulator.ts"
import type { VastServer } from "./types.ts"

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("utf8")
}

const write = (response: ServerResponse, { kind, status, headers, body }: Exchange) => {
  if (kind === "lost") return response.socket?.resetAndDestroy()
  const bytes = Buffer.from(body)
  response.writeHead(status, { ...headers, "content-length": bytes.length })
  if (kind === "answer") return response.end(bytes)
  return response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy())
}

/**
 * Serves a simulator on 127.0.0.1.
 *
 * - Uploaded logs are read at the same address, so that a client in another process can reach them.
 */
export const serve = async (carry: Carry, port: number): Promise<VastServer> => {
  const server = createServer(async (request, response) => {
    const controller = new AbortController()
    response.on("close", () => controller.abort(new Error("The client went away")))
    try {
      const url = new URL(request.url ?? "/", origin())
      const incoming = {
        method: request.method ?? "GET",
        url,
        authorization: request.headers.authorization ?? null,
        body: await readBody(request)
      }
      write(response, await carry(incoming, controller.signal, url.origin))
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
