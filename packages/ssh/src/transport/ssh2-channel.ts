import type { Duplex } from "node:stream"
import type { ConnectionLost } from "@anygpu/core"
import type { ClientChannel } from "ssh2"
import type { Channel, Exit } from "./connection.ts"

/** Whether the machine has said that nothing more comes on a channel: `ssh2` shows an end also where it made that up. */
const hasEnded = (stream: ClientChannel): boolean => {
  const incoming: unknown = Reflect.get(stream, "incoming")
  const state = typeof incoming === "object" && incoming !== null ? Reflect.get(incoming, "state") : undefined
  return state === "eof" || state === "closed"
}

/** Calls what it is given just before the streams of a lost connection end; what it answers takes that back. */
export type AtLoss = (tell: (error: ConnectionLost) => void) => () => void

/** A process on a channel. */
export const channelOf = (stream: ClientChannel, atLoss: AtLoss): Channel => {
  let reported: Exit | null = null
  const exit = new Promise<Exit>((resolve, reject) => {
    const leave = atLoss((error) => (reported && hasEnded(stream) ? resolve(reported) : reject(error)))
    stream.once("exit", (code: number | null, signal?: string) => {
      reported = { code, signal: signal ?? null }
    })
    stream.once("close", () => {
      leave()
      if (reported) resolve(reported)
      else reject(new Error("the channel was closed without an exit status"))
    })
  })
  exit.catch(() => {})
  // `exit` reports what fails here.
  stream.on("error", () => {})
  stream.stderr.on("error", () => {})
  return {
    stdin: stream,
    stdout: stream,
    stderr: stream.stderr,
    exit,
    resize: (columns, rows) => stream.setWindow(rows, columns, 0, 0),
    close: () => stream.close()
  }
}

/** The bytes of a port on a channel: the loss of the connection is an error of it, before `ssh2` makes up an end. */
export const portOf = (stream: ClientChannel, atLoss: AtLoss): Duplex => {
  const leave = atLoss((error) => void (hasEnded(stream) || stream.emit("error", error)))
  return stream.on("error", () => {}).once("close", leave)
}
