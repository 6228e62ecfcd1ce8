import { spawn } from "node:child_process"
import { constants } from "node:os"
import { commandText, type InputOf, ssh } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { sshWords } from "@anygpu/operations/run"
import { Unsupported } from "anygpu"
import type { sshFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { isLoopback } from "../login-proof.ts"
import { Usage } from "../own-errors.ts"

/** Runs the real ssh on this terminal; its exit code is the answer. */
const runSsh = ({ io }: Context, args: ReadonlyArray<string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn("ssh", args, { stdio: "inherit", env: { ...io.env } })
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new Usage("there is no ssh on this machine: install OpenSSH") : error)
    )
    child.once("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })

/** `anygpu ssh`: logs in, or runs a command there. */
export const run = async (context: Context, input: InputOf<typeof sshFields>): Promise<number> => {
  const { out, settings, signal } = context
  const { identity, print = false, command = [] } = input
  const operation = await ssh.load()
  const login = await operation.run(context, input)
  const words = sshWords(login.endpoint, identity === undefined ? [] : ["-i", identity], command)
  const text = commandText(...words)
  if (!settings.json && !print) {
    const { ref, endpoint } = login
    // The key of a simulated machine is of no use to anybody after this command.
    const unknown = ["-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR"]
    if (!settings.sim) return await runSsh(context, words.slice(1))
    if (isLoopback(endpoint.host)) return await runSsh(context, [...unknown, ...words.slice(1)])
    const message = `${ref} is simulated: there is nothing to log in to. Of a real one this would be run: ${text}`
    throw new Unsupported({ message, retry: "permanent", provider: ref.provider, feature: "ssh" })
  }
  out.answer({ json: () => ({ ...operation.encode(login, signal.aborted), command: text }), text: () => text })
  return exitCodes.done.code
}
