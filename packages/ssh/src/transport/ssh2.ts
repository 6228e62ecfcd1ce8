import { connect as connectSocket, type Socket } from "node:net"
import { type ConnectionLost, isGpuError, RemoteFailed } from "@anygpu/core"
import ssh2, { type Client, type ClientChannel, type ServerHostKeyAlgorithm } from "ssh2"
import { type Address, connectionLost, loginRefused, reasonOf, type SshError, unreachable } from "../failures.ts"
import { fingerprintOf, hostKeyChanged, hostKeyText } from "../host-keys.ts"
import { identities } from "../keys/identities.ts"
import { reader, sent } from "../shell/script.ts"
import type { Connection, Terminal } from "./connection.ts"
import type { Login } from "./login.ts"
import { type AtLoss, channelOf, portOf } from "./ssh2-channel.ts"
import { inOneWrite, withCheckedKeys } from "./ssh2-speed.ts"

/** A TCP connection; rejects with `Unreachable`. */
const openSocket = (address: Address, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connectSocket({ host: address.host, port: address.port, noDelay: true, signal })
    socket.once("error", (error: NodeJS.ErrnoException) =>
      reject(unreachable(address, reasonOf(error.code ?? ""), error))
    )
    socket.once("connect", () => resolve(inOneWrite(socket)))
    // Its close reports a failure after that; without a listener it would end the process.
    socket.on("error", () => {})
  })

const hostKeyAlgorithms: ReadonlyArray<ServerHostKeyAlgorithm> = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256"
]

/** All algorithms, those of the key that is remembered first: a machine has several keys, and shows one. */
const algorithmsFor = (expected: string | null): ServerHostKeyAlgorithm[] => {
  const type = expected?.split(" ")[0] ?? ""
  const isOf = (algorithm: string) => (type === "ssh-rsa" ? algorithm.startsWith("rsa-") : algorithm === type)
  return [...hostKeyAlgorithms.filter(isOf), ...hostKeyAlgorithms.filter((algorithm) => !isOf(algorithm))]
}

const noMethodLeft = "All keys were tried"

/** Whether the machine said no, and not merely nothing more. */
const isRefusal = (error: Error): boolean =>
  error.message === noMethodLeft ||
  /too many authentication failures/i.test(error.message) ||
  ("level" in error && error.level === "client-authentication")

/** How far a login came. */
interface Progress {
  readonly address: Address
  readonly socket: Socket
  readonly tried: string[]
  handshaken: boolean
}

/** What the failure of a login is, by when it came. */
const loginFailure = (login: Progress, error: Error): SshError => {
  const { address, tried, handshaken, socket } = login
  if (isGpuError(error)) return error
  if (handshaken && isRefusal(error)) return loginRefused(address, tried, error)
  // Something was said, and it was no greeting of ssh.
  if (/before handshake/.test(error.message) && socket.bytesRead > 0) return unreachable(address, "malformed", error)
  return unreachable(address, reasonOf(error.message), error)
}

/** Logs in on a socket; rejects with `LoginRefused`, `HostKeyChanged` or `Unreachable`. */
const login = async (socket: Socket, { address, name, knownHosts, keepAlive, ...options }: Login): Promise<Client> => {
  const expected = await knownHosts.get(name)
  const queue = [...(await identities(options))]
  if (queue.length === 0) throw loginRefused(address, [])
  if (socket.destroyed) throw unreachable(address, "reset")
  const client = new ssh2.Client()
  withCheckedKeys(client)
  const progress: Progress = { address, socket, tried: [], handshaken: false }
  let shown = ""
  let own: SshError | undefined

  const nextMethod = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const method = await next.method(address.user)
      if (method === null) continue
      progress.tried.push(next.name)
      return method
    }
    return null
  }
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      client.destroy()
      reject(own ?? loginFailure(progress, error))
    }
    client.once("handshake", () => {
      progress.handshaken = true
    })
    client.once("ready", resolve)
    client.on("error", fail)
    client.once("close", () => fail(new Error("Connection closed")))
    client.connect({
      sock: socket,
      username: address.user,
      readyTimeout: 0,
      keepaliveInterval: keepAlive,
      keepaliveCountMax: 3,
      algorithms: { serverHostKey: algorithmsFor(expected) },
      hostVerifier: (key: Buffer) => {
        shown = hostKeyText(key)
        if (expected === null || expected === shown) return true
        own = hostKeyChanged(address, fingerprintOf(expected), fingerprintOf(shown))
        return false
      },
      authHandler: (_left, _partial, next) => {
        nextMethod().then((method) => {
          if (method) next(method)
          else fail(new Error(noMethodLeft))
        }, fail)
      }
    })
  })
  if (expected === null) await knownHosts.remember(name, shown)
  return client
}

/** What a channel that could not be opened means: the machine said no, or the connection is gone. */
const openFailure = (address: Address, error: Error): SshError =>
  "reason" in error && typeof error.reason === "number"
    ? new RemoteFailed({
        message: `${address.host}:${address.port} opens no further channel: ${error.message}`,
        ...{ retry: "temporary", code: null, signal: null, stderr: error.message, cause: error }
      })
    : connectionLost(address, error)

const connectionOn = (client: Client, address: Address): Connection => {
  const watchers = new Set<(error: ConnectionLost) => void>()
  let cause: unknown
  client.on("error", (error) => {
    cause ??= error
  })
  const lost = new Promise<ConnectionLost>((resolve) => {
    client.once("close", () => {
      const error = connectionLost(address, cause)
      for (const tell of watchers) tell(error)
      resolve(error)
    })
  })
  const atLoss: AtLoss = (tell) => {
    watchers.add(tell)
    return () => void watchers.delete(tell)
  }
  /**
   * Opens something on the connection; a callback that never comes is ended by the loss. `listen` is called in the moment
   * it is there: what it tells may come with the very next bytes.
   */
  const open = <A, B>(
    begin: (done: (error: Error | undefined, opened: A) => void) => void,
    listen: (opened: A) => B
  ): Promise<B> =>
    new Promise((resolve, reject) => {
      const leave = atLoss(reject)
      const done = (error: Error | undefined, opened: A) => {
        leave()
        if (error) reject(openFailure(address, error))
        else resolve(listen(opened))
      }
      try {
        begin(done)
      } catch (error) {
        leave()
        reject(connectionLost(address, error))
      }
    })
  const channel = (stream: ClientChannel) => channelOf(stream, atLoss)
  return {
    transport: "ssh2",
    lost,
    run: async (script) => {
      const process = await open((done) => client.exec(reader, done), channel)
      process.stdin.write(sent(script))
      return process
    },
    shell: ({ type, columns, rows }: Terminal) =>
      open((done) => client.shell({ term: type, cols: columns, rows }, done), channel),
    dial: (host, port) =>
      open(
        (done) => client.forwardOut("127.0.0.1", 0, host, port, done),
        (stream: ClientChannel) => portOf(stream, atLoss)
      ),
    close: async () => {
      client.end()
      client.destroy()
      await lost
    }
  }
}

/** Connects by the `ssh2` package. Rejects with `Unreachable`, `LoginRefused`, `HostKeyChanged` or `InvalidRequest`. */
export const connectSsh2 = async (options: Login, signal: AbortSignal): Promise<Connection> => {
  const socket = await openSocket(options.address, signal)
  const abort = () => socket.destroy()
  signal.addEventListener("abort", abort, { once: true })
  try {
    const client = await login(socket, options)
    // Remembering the host key took its time: a close that came meanwhile would be heard by nobody.
    if (socket.destroyed) throw unreachable(options.address, "reset")
    return connectionOn(client, options.address)
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener("abort", abort)
  }
}
