import { type AddressInfo, createServer, type Server, type Socket } from "node:net"
import { Conflict, InvalidRequest } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { SshError } from "./failures.ts"
import type { Link } from "./link.ts"

/** A port of this computer that leads to one of the machine. */
export interface Forward {
  /** Where it listens, on this computer alone. */
  readonly host: "127.0.0.1"
  readonly port: number
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port))
  })

const notFree = (port: number, cause: unknown): SshError =>
  cause instanceof RangeError
    ? InvalidRequest.of("localPort", `${port} is no port`)
    : new Conflict({
        message: `Port ${port} of this computer cannot be listened on: take another one, or 0 for any`,
        ...{ retry: "permanent", cause }
      })

/**
 * Leads one connection to the machine; a port there that takes none resets it.
 *
 * - The end of what comes is one here only where it was one there: what is lost on the way is a reset.
 */
const carry = async (link: Link, socket: Socket, host: string, port: number): Promise<void> => {
  try {
    const connection = await Effect.runPromise(link.connection)
    const remote = await connection.dial(host, port)
    const reset = () => {
      socket.resetAndDestroy()
      remote.destroy()
    }
    void connection.lost.then(reset)
    remote.on("error", reset).on("close", () => (remote.readableEnded ? socket.destroySoon() : reset()))
    socket.on("error", () => remote.destroy()).on("close", () => remote.destroy())
    socket.pipe(remote).pipe(socket)
  } catch {
    socket.resetAndDestroy()
  }
}

/**
 * Listens on a port of this computer and leads each connection to a port of the machine, until the scope ends.
 *
 * - `localPort` 0 takes any that is free; `remoteHost` is as the machine sees it.
 * - What is open when the connection is lost is reset, so that no half answer looks whole; the next one that comes in
 *   connects again. Fails with `Conflict` for a port that is taken.
 */
export const forward = (
  link: Link,
  localPort: number,
  remotePort: number,
  remoteHost = "127.0.0.1"
): Effect.Effect<Forward, SshError, Scope.Scope> =>
  Effect.gen(function* () {
    const open = new Set<Socket>()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      open.add(socket)
      socket.on("error", () => {}).once("close", () => open.delete(socket))
      void carry(link, socket, remoteHost, remotePort)
    })
    const port = yield* Effect.acquireRelease(
      Effect.tryPromise({ try: () => listen(server, localPort), catch: (error) => notFree(localPort, error) }),
      () =>
        Effect.sync(() => {
          server.close()
          for (const socket of open) socket.destroy()
        })
    )
    return { host: "127.0.0.1", port } as const
  })
