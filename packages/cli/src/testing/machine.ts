import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { accessSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { memoryKnownHosts } from "@anygpu/ssh"
import type { TerminalOptions } from "./terminal.ts"

const script = fileURLToPath(new URL("../../../ssh/src/testing/main.ts", import.meta.url))

const isThere = (path: string): boolean => {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

/** Whether tests with a real sshd are left out; in CI they never are. */
export const withoutSshd = !process.env.CI && !["/usr/sbin/sshd", "/usr/local/sbin/sshd"].some(isThere)

/** A real sshd in a process of its own, and how a command logs in to it in the place of any machine. */
export const sshMachine = async () => {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, ["--conditions=anygpu-source", script, "dash"])
  let errors = ""
  child.stderr.on("data", (chunk) => {
    errors += String(chunk)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { value, done } = await lines.next()
  if (done) throw new Error(`the sshd has not started: ${errors}`)
  const { host, port, user, key, folder } = JSON.parse(value)
  const ssh: TerminalOptions["ssh"] = { host, port, user, key, agent: false, knownHosts: memoryKnownHosts() }
  const otherKey = join(folder, "other_key")
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", otherKey])
  return {
    ssh,
    /** A key that it does not let in. */
    otherKey,
    /** Where its user's files of these tests are. */
    folder: String(folder),
    /** Cuts every connection. */
    cut: async (): Promise<void> => {
      child.stdin.write("reset\n")
      await lines.next()
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await once(child, "close")
    }
  }
}
