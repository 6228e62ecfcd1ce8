import { spawn } from "node:child_process"
import { constants } from "node:os"
import { findMachine } from "@anygpu/operations"
import { exitCodes, type SshJson } from "@anygpu/operations/protocol"
import { Conflict, type Instance, type SshEndpoint, type Status, Unsupported } from "anygpu"
import type { Run } from "../catalogue/entry.ts"
import type { Context } from "../context.ts"
import { statusText } from "../machines.ts"
import { Usage } from "../own-errors.ts"
import { commandText } from "../shell.ts"
import { argumentOf, argumentsOf, isOn, textOf } from "../words.ts"

/** The best way in; `Conflict` while there is none. */
const endpointOf = (machine: Instance): SshEndpoint => {
  const [endpoint] = machine.endpoints.ssh
  // What a cloud answers never becomes an option of ssh.
  if (endpoint && !endpoint.host.startsWith("-") && !endpoint.user.startsWith("-")) return endpoint
  const { ref, status } = machine
  const advices: { readonly [S in Status]?: string } = {
    running: "It was launched without an ssh key, or its cloud has not told yet: anygpu show tells its other ways in",
    terminating: "It is being ended",
    terminated: "It has ended",
    failed: "It will not come up: anygpu terminate ends it",
    stopped: `Start it with: ${commandText("anygpu", "start", ref)}`
  }
  const advice = advices[status] ?? `Wait for it with: ${commandText("anygpu", "ssh", "--wait", ref)}`
  const message = `${ref} is ${statusText(machine)} and has no way in by ssh now. ${advice}`
  throw new Conflict({ message, retry: "temporary", ref })
}

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
export const run: Run = async (context, args, options) => {
  const { out, settings, signal } = context
  const ref = await findMachine(context, argumentOf(args, 0) ?? "")
  const gpu = await context.gpu()
  const isUp = ({ status, endpoints }: Instance) => status === "running" && endpoints.ssh.length > 0
  const first = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
  const waits = isOn(options, "wait") && !isUp(first)
  const machine = waits
    ? await out.during(`waiting for ${ref}, which is ${statusText(first)}`, (say) =>
        gpu.waitUntilReady(ref, {
          signal,
          onChange: (now) => say(`waiting for ${ref}, which is ${statusText(now)}`)
        })
      )
    : first
  const { host, port, user } = endpointOf(machine)
  const identity = textOf(options, "identity")
  const words = [
    ...(identity === undefined ? [] : ["-i", identity]),
    ...(port === 22 ? [] : ["-p", String(port)]),
    `${user}@${host}`,
    ...argumentsOf(args, 1)
  ]
  const command = commandText("ssh", ...words)
  if (!settings.json && !isOn(options, "print")) {
    if (!settings.sim) return await runSsh(context, words)
    const message = `${ref} is simulated: there is nothing to log in to. Of a real one this would be run: ${command}`
    throw new Unsupported({ message, retry: "permanent", provider: ref.provider, feature: "ssh" })
  }
  out.answer({ json: (): SshJson => ({ ref: String(ref), host, port, user, command }), text: () => command })
  return exitCodes.done.code
}
