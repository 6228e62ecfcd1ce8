import { connect, createServer, type Socket } from "node:net"
import { freshPort } from "./port.ts"

/** How a connection is lost: closed in order, reset, or silent from now on. */
export type Cut = "close" | "reset" | "silence"

/** A port that leads to another one, until it is cut. */
export interface Cutter {
  readonly port: number
  /** Loses every connection there is; later ones work. Answers how many there were. */
  cut(how: Cut): number
  /** Bytes that came from the other side. */
  received(): number
  /** Bytes that went to it. */
  sent(): number
  stop(): Promise<void>
}

/** Listens on a loopback port in front of `target`, and takes so many bytes per second of each side. */
export const startCutter = async (
  target: number,
  { bytesPerSecond }: { readonly bytesPerSecond?: number } = {}
): Promise<Cutter> => {
  const pairs = new Set<readonly [Socket, Socket]>()
  let received = 0
  let sent = 0
  const slowDown = (socket: Socket, bytes: number) => {
    if (bytesPerSecond === undefined) return
    socket.pause()
    setTimeout(() => socket.resume(), (bytes * 1000) / bytesPerSecond)
  }
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1")
    const pair = [near, far] as const
    pairs.add(pair)
    far.on("data", (chunk) => {
      received += chunk.length
      slowDown(far, chunk.length)
    })
    near.on("data", (chunk) => {
      sent += chunk.length
      slowDown(near, chunk.length)
    })
    near.pipe(far).pipe(near)
    const end = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of pair) socket.on("error", end).on("close", end)
  })
  const port = await freshPort()
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
  return {
    port,
    received: () => received,
    sent: () => sent,
    cut: (how) => {
      const open = [...pairs]
      for (const [near, far] of open) {
        if (how === "close") near.destroy()
        else if (how === "reset") near.resetAndDestroy()
        else {
          near.unpipe(far)
          far.unpipe(near)
          near.pause()
          far.pause()
          pairs.delete([near, far])
        }
      }
      return open.length
    },
    stop: async () => {
      for (const [near, far] of pairs) {
        near.destroy()
        far.destroy()
      }
      await new Promise((done) => server.close(done))
    }
  }
}
