import { connect, createServer, type Socket } from "node:net"

/** A way to a server of this computer that breaks connections when it is told to. */
export interface CuttingProxy {
  readonly port: number
  /** Lets the next request with this text reach the server, and cuts the connection before its answer. */
  readonly cutAfter: (text: string) => void
  readonly close: () => Promise<void>
}

/** Opens a way to a port of this computer. */
export const openCuttingProxy = async (port: number): Promise<CuttingProxy> => {
  let wanted: string | null = null
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    const server = connect(port, "127.0.0.1")
    let isCut = false
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(socket)
          client.destroy()
          if (!isCut) server.destroy()
        })
    }
    client.on("data", (bytes) => {
      server.write(bytes)
      if (wanted === null || !bytes.includes(wanted)) return
      wanted = null
      isCut = true
    })
    server.on("data", (bytes) => {
      if (!isCut) return void client.write(bytes)
      // The answer is there: the server has done it.
      client.destroy()
      server.destroy()
    })
  })
  const address = await new Promise<ReturnType<typeof proxy.address>>((resolve) =>
    proxy.listen(0, "127.0.0.1", () => resolve(proxy.address()))
  )
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cutAfter: (text) => {
      wanted = text
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => proxy.close(() => resolve()))
    }
  }
}
