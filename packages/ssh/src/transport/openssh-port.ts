import type { ChildProcessWithoutNullStreams } from "node:child_process"
import { Duplex, Readable, Writable } from "node:stream"
import type { ConnectionLost } from "@anygpu/core"

/** What a port sends. `ssh -W` ends alike at the end of that, at the loss of its connection, and where nothing listens. */
async function* bytesOf(
  child: ChildProcessWithoutNullStreams,
  loss: () => Promise<ConnectionLost | null>
): AsyncGenerator<Uint8Array> {
  let errors = ""
  child.stderr.on("data", (chunk) => {
    errors = `${errors}${chunk}`.slice(-8192)
  })
  const over = new Promise((done) => child.once("close", done).once("error", done))
  yield* child.stdout
  await over
  if (errors.includes("forwarding request failed")) throw new Error(errors.trim())
  const error = await loss()
  if (error !== null) throw error
}

/**
 * The bytes of a port through a process of `ssh -W`, both ways.
 *
 * - `loss` answers whether the connection is lost, which is asked when nothing more comes: then it fails, and does not end.
 * - What is written once the process has ended goes nowhere, as it does on a connection that the other side has closed.
 */
export const portOf = (child: ChildProcessWithoutNullStreams, loss: () => Promise<ConnectionLost | null>): Duplex => {
  const { stdin } = child
  const writable = new Writable({
    write: (chunk, _encoding, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(() => done())
  })
  const port = Duplex.from({ readable: Readable.from(bytesOf(child, loss), { objectMode: false }), writable })
  return port.once("end", () => port.destroy()).once("close", () => void child.kill())
}
