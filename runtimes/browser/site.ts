import { once } from "node:events"
import { createServer } from "node:http"

/** Serves texts by their paths on this machine until it is disposed of; scripts are known by their ending. */
export const serveSite = async (files: Readonly<Record<string, string>>) => {
  const server = createServer(({ url = "/" }, response) => {
    const text = Object.hasOwn(files, url) ? files[url] : undefined
    const type = url.endsWith(".js") ? "text/javascript" : "text/html"
    response.writeHead(text === undefined ? 404 : 200, { "content-type": `${type}; charset=utf-8` }).end(text)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("the server has no port")
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, "close")
  }
  return { url: `http://127.0.0.1:${address.port}/`, [Symbol.asyncDispose]: close }
}
