import ssh2, { type Connection, type ServerChannel } from "ssh2"
import { freshPort } from "./port.ts"

/** What a command on the server does. */
export type OnExec = (channel: ServerChannel, client: Connection) => void

/** How the server behaves. */
export interface ServerBehaviour {
  /** Whether a key is let in; every key where it is left out. */
  readonly allow?: (publicKey: string) => boolean
  readonly onExec?: OnExec
  /** Whether a command is refused before it begins. */
  readonly refuseSessions?: boolean
}

/** An ssh server in this process, for what a real one never does. */
export interface FaultServer {
  readonly host: "127.0.0.1"
  readonly port: number
  readonly user: "tester"
  /** A private key, as text. */
  readonly key: string
  /** The connections that are open. */
  readonly clients: ReadonlySet<Connection>
  stop(): Promise<void>
}

/** A new key. About one in a few hundred that `ssh2` makes it cannot read itself: those are left. */
const newKey = () => {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519")
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair
  }
}

/** Starts it on a loopback port. */
export const startServer = async (behaviour: ServerBehaviour = {}): Promise<FaultServer> => {
  const { allow = () => true, onExec = (channel) => end(channel, 0), refuseSessions = false } = behaviour
  const [host, own] = [newKey(), newKey()]
  const clients = new Set<Connection>()
  const server = new ssh2.Server({ hostKeys: [host.private] }, (client) => {
    clients.add(client)
    client.on("error", () => {})
    client.on("close", () => clients.delete(client))
    client.on("authentication", (login) => {
      if (login.method !== "publickey") return login.reject(["publickey"])
      const shown = `${login.key.algo} ${login.key.data.toString("base64")}`
      if (allow(shown)) login.accept()
      else login.reject(["publickey"])
    })
    client.on("session", (accept, reject) => {
      if (refuseSessions) return reject()
      accept().on("exec", (acceptExec) => onExec(acceptExec(), client))
    })
    client.on("request", (_accept, reject) => reject?.())
  })
  const port = await freshPort()
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
  return {
    host: "127.0.0.1",
    port,
    user: "tester",
    key: own.private,
    clients,
    stop: async () => {
      for (const client of clients) client.end()
      await new Promise((done) => server.close(done))
    }
  }
}

/** Ends a command with a code, once its input was read. */
export const end = (channel: ServerChannel, code: number, output = ""): void => {
  channel.on("error", () => {})
  channel.resume()
  channel.once("end", () => {
    if (output) channel.write(output)
    channel.exit(code)
    channel.end()
  })
}
