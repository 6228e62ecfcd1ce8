import { Errno } from "../errno.ts"
import { collect, type Process, type Signal, sendTo, signalOf, signals } from "../process.ts"
import { complain, say } from "../system.ts"
import { waitFor } from "./spawn.ts"
import type { Builtin, Shell } from "./state.ts"
import { ScriptError } from "./syntax.ts"

/** `trap`: what is done when a signal comes. */
export const trap: Builtin = (shell, args) => {
  const [action = "", ...names] = args.filter((arg) => arg !== "--")
  const all = names.length === 0 ? [action] : names
  const { process, traps } = shell
  for (const name of all) {
    if (name === "EXIT" || name === "0") {
      if (names.length === 0 || action === "-") traps.delete("EXIT")
      else traps.set("EXIT", action)
      continue
    }
    const signal = signalOf(name)
    if (signal === undefined) throw new ScriptError(`trap: ${name}: bad trap`)
    process.ignored.delete(signal)
    process.caught.delete(signal)
    traps.delete(signal)
    if (names.length === 0 || action === "-") continue
    traps.set(signal, action)
    if (action === "") process.ignored.add(signal)
    else process.caught.add(signal)
  }
  return 0
}

const jobOf = ({ jobs }: Shell, text: string): Process | undefined => {
  const number = /^%(\d+)$/.exec(text)?.[1]
  return number === undefined ? jobs.find(({ pid }) => String(pid) === text) : jobs[Number(number) - 1]
}

const interruptCode = ({ process }: Shell): number => 128 + signals[process.pending[0] ?? "TERM"]

/** `wait`: for what runs in the background. */
export const wait: Builtin = async (shell, args) => {
  const { process, jobs } = shell
  if (args.length === 0) {
    for (const job of jobs) if ((await waitFor(process, job, true)) === undefined) return interruptCode(shell)
    return 0
  }
  let code = 0
  for (const arg of args) {
    const job = jobOf(shell, arg)
    if (job === undefined) code = 127
    else code = job.ended === null ? ((await waitFor(process, job, true)) ?? interruptCode(shell)) : collect(job)
  }
  return code
}

/** `kill`: sends a signal. */
export const kill: Builtin = async (shell, args) => {
  const { process } = shell
  if (args[0] === "-l") {
    await say(process, `${Object.keys(signals).join(" ")}\n`)
    return 0
  }
  const [first = ""] = args
  const named = first === "-s" ? args[1] : /^-./.test(first) && first !== "--" ? first.slice(1) : undefined
  const targets = args.slice(first === "-s" ? 2 : named === undefined ? 0 : 1).filter((arg) => arg !== "--")
  const signal: Signal | null | undefined = named === "0" ? null : signalOf(named ?? "TERM")
  if (signal === undefined) throw new ScriptError(`kill: ${named}: invalid signal specification`)
  let code = 0
  for (const target of targets) {
    try {
      const pid = jobOf(shell, target)?.pid ?? Number(target)
      if (!Number.isInteger(pid)) throw new Errno("ESRCH")
      sendTo(process.machine, pid, signal)
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      await complain(process, `sh: kill: (${target}) - ${error.message}`)
      code = 1
    }
  }
  return code
}
