import ssh2, { type Client } from "ssh2"
import type { Address } from "../kit/login.ts"

/** A key pair: the private half as text, the public one as a line. */
export interface Pair {
  readonly private: string
  readonly public: string
}

/** A new key. About one in a few hundred that `ssh2` makes it cannot read itself: those are left. */
export const newPair = (): Pair => {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519")
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair
  }
}

/** What came of a command. */
export interface Done {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** A login to a machine. */
export interface SshSession extends AsyncDisposable {
  readonly client: Client
  /** The public host key, as a line. */
  readonly hostKey: string
  exec(command: string, input?: string | Buffer): Promise<Done>
  /** What a port of the machine answers to a request. */
  get(port: number, path: string): Promise<string>
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>
}

const run = (client: Client, command: string, input: string | Buffer): Promise<Done> =>
  new Promise((resolve, reject) => {
    client.once("close", () => reject(new Error("The connection is gone")))
    client.exec(command, (error, channel) => {
      if (error) return reject(error)
      let [stdout, stderr] = ["", ""]
      let end: { readonly code: number | null; readonly signal: string | null } | undefined
      channel.on("data", (chunk: Buffer) => {
        stdout += chunk
      })
      channel.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk
      })
      channel.on("exit", (code: number | null, signal?: string) => {
        end = { code, signal: signal ?? null }
      })
      channel.on("close", () => (end ? resolve({ ...end, stdout, stderr }) : reject(new Error("No exit status"))))
      channel.end(input)
    })
  })

const fetchFrom = (client: Client, port: number, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    client.forwardOut("127.0.0.1", 0, "localhost", port, (error, channel) => {
      if (error) return reject(error)
      let text = ""
      channel.on("data", (chunk: Buffer) => {
        text += chunk
      })
      channel.on("close", () => resolve(text))
      channel.end(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
    })
  })

/** Logs in; rejects with what `ssh2` says. */
export const logInTo = (
  { host, port }: Address,
  username: string,
  { private: privateKey }: Pair
): Promise<SshSession> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    client.setMaxListeners(0)
    let hostKey = ""
    const gone = new Promise<void>((done) => client.once("close", () => done()))
    client.on("error", reject)
    client.once("ready", () => {
      client.setNoDelay(true)
      resolve({
        ...{ client, hostKey, gone },
        exec: (command, input = "") => run(client, command, input),
        get: (at, path) => fetchFrom(client, at, path),
        [Symbol.asyncDispose]: async () => {
          client.end()
          client.destroy()
          await gone
        }
      })
    })
    client.connect({
      ...{ host, port, username, privateKey, keepaliveInterval: 200, keepaliveCountMax: 3 },
      hostVerifier: (key: Buffer) => {
        hostKey = `ssh-ed25519 ${key.toString("base64")}`
        return true
      }
    })
  })
