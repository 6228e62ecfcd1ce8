import { createServer } from "node:net"

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const had = new Set<number>()

/** A free loopback port that no server of these tests had before: who logged in there remembers its host key. */
export const freshPort = async (): Promise<number> => {
  for (;;) {
    const port = await freePort()
    if (had.has(port)) continue
    had.add(port)
    return port
  }
}
