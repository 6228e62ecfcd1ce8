import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { createInterface } from "node:readline"

/** A real sshd in a process of its own. */
export interface Machine {
  readonly host: string
  /** A port whose connections can be cut. */
  readonly port: number
  /** A port whose connections are not cut. */
  readonly direct: number
  readonly user: string
  readonly key: string
  readonly folder: string
  /** Cuts every connection there is, and answers how many there were. */
  cut(how: "close" | "reset"): Promise<number>
  stop(): Promise<void>
}

const script = new URL("../../packages/ssh/src/testing/main.ts", import.meta.url).pathname

/** Starts one whose `sh` is the shell. */
export const startMachine = async (shell: string): Promise<Machine> => {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, ["--conditions=anygpu-source", script, shell])
  child.stderr.pipe(process.stderr)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error("the sshd of the bench has ended")
    return value
  }
  const { host, port, direct, user, key, folder } = JSON.parse(await next())
  return {
    ...{ host, port, direct, user, key, folder },
    cut: async (how) => {
      child.stdin.write(`${how}\n`)
      return Number(await next())
    },
    stop: async () => {
      child.stdin.end()
      await new Promise((done) => child.once("close", done))
    }
  }
}
