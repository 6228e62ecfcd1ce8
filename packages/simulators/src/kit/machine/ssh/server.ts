import type { AddressInfo, Socket } from "node:net"
import { createServer, type Server } from "node:net"
import ssh2, { type AuthContext, type Connection } from "ssh2"
import type { Kernel } from "../process.ts"
import type { HostKey } from "./host-key.ts"
import { serveHttp } from "./http.ts"
import { serveSession } from "./session.ts"

/** How a connection is lost: closed in order, reset, or silent from now on. */
export type Cut = "close" | "reset" | "silence"

/** Who is let in, and to what. */
export interface ServerOptions {
  readonly hostKey: HostKey
  /** What runs; undefined where it is off. */
  readonly machine: () => Kernel | undefined
  readonly user: string
  /** Public keys that are let in, as lines. None while logins are refused. */
  readonly keys: () => ReadonlyArray<string>
}

/** An ssh server on a loopback address. */
export interface MachineServer {
  readonly host: string
  readonly port: number
  isListening(): boolean
  /** Listens again at the same address. */
  listen(): Promise<void>
  /** Takes no further connection: the port is refused. Those there are stay. */
  refuse(): Promise<void>
  /** Loses every connection there is; answers how many there were. */
  cut(how: Cut): number
  close(): Promise<void>
}

const bodyOf = (line: string): string => line.trim().split(/\s+/).slice(0, 2).join(" ")

/** Whether a key is let in, and the client has it. */
const isAllowed = (login: AuthContext, { user, keys }: ServerOptions): boolean => {
  if (login.method !== "publickey" || login.username !== user) return false
  const { key, signature, blob, hashAlgo } = login
  const shown = key.data.toString("base64")
  const line = keys().find((own) => bodyOf(own).split(" ")[1] === shown)
  if (line === undefined) return false
  const parsed = ssh2.utils.parseKey(line)
  if (parsed instanceof Error) return false
  // Without a signature the client only asks whether it may try this key.
  return signature === undefined || blob === undefined || parsed.verify(blob, signature, hashAlgo) === true
}

const serveClient = (client: Connection, options: ServerOptions): void => {
  client.on("error", () => {})
  client.on("authentication", (login) => {
    if (isAllowed(login, options)) login.accept()
    else login.reject(["publickey"])
  })
  client.on("session", (accept) => serveSession(accept(), options.machine))
  client.on("tcpip", (accept, reject, { destIP, destPort }) => {
    const isOwn = /^(localhost|127\.|::1$|0\.0\.0\.0)/.test(destIP)
    const handler = isOwn ? options.machine()?.ports.get(destPort) : undefined
    if (handler === undefined) reject()
    else serveHttp(accept(), handler)
  })
  client.on("request", (_accept, reject) => reject?.())
}

const listenOn = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () => {
      server.off("error", reject)
      resolve((server.address() as AddressInfo).port)
    })
  })

const cutSocket = (socket: Socket, how: Cut): void => {
  if (how === "close") socket.destroy()
  else if (how === "reset") socket.resetAndDestroy()
  else {
    // It stays open, and nothing goes through it any more in either direction.
    socket.removeAllListeners("data")
    socket.pause()
    socket.write = () => true
  }
}

/**
 * Starts an ssh server on a loopback address; rejects where the port cannot be had.
 *
 * - Nothing that happens there touches this computer: no process is started, no file read, and no port dialled.
 */
export const startServer = async (options: ServerOptions, host: string, wanted = 0): Promise<MachineServer> => {
  const sockets = new Set<Socket>()
  const ssh = new ssh2.Server({ hostKeys: [options.hostKey.privateKey] }, (client) => serveClient(client, options))
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on("error", () => {}).once("close", () => sockets.delete(socket))
    ssh.injectSocket(socket)
  })
  const port = await listenOn(server, host, wanted)
  const refuse = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) return resolve()
      server.close()
      resolve()
    })
  const cut = (how: Cut): number => {
    const all = [...sockets]
    for (const socket of all) cutSocket(socket, how)
    return all.length
  }
  return {
    host,
    port,
    isListening: () => server.listening,
    listen: async () => {
      if (!server.listening) await listenOn(server, host, port)
    },
    refuse,
    cut,
    close: async () => {
      await refuse()
      cut("close")
      for (const socket of sockets) socket.destroy()
    }
  }
}
