import { makeProcess, type Process, send, signalOf } from "../process.ts"
import { execute, type Program, runIn, waitFor } from "../shell/spawn.ts"
import { complain, say } from "../system.ts"
import { runChild } from "./child.ts"
import { secondsIn } from "./clock.ts"

/** `env`: a program with other variables, or the variables there are. */
const env: Program = async (process, argv) => {
  const words = argv.slice(1)
  let variables = new Map(process.env)
  for (;;) {
    const word = words[0] ?? ""
    if (word === "-i" || word === "-") variables = new Map()
    else if (word === "-u") variables.delete(words.splice(0, 1)[0] ?? "")
    else if (word.startsWith("--default-signal"))
      for (const name of (word.split("=")[1] ?? "INT,QUIT").split(",")) process.ignored.delete(signalOf(name) ?? "INT")
    else if (/^[A-Za-z_]\w*=/.test(word))
      variables.set(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1))
    else break
    words.shift()
  }
  if (words.length > 0) return execute(process, words, variables)
  for (const [name, value] of variables) await say(process, `${name}=${value}\n`)
  return 0
}

const printenv: Program = async (process, argv) => {
  if (argv.length === 1) return env(process, ["env"])
  let code = 0
  for (const name of argv.slice(1)) {
    const value = process.env.get(name)
    if (value === undefined) code = 1
    else await say(process, `${value}\n`)
  }
  return code
}

/** `setsid`: a program in a session of its own. */
const setsid: Program = (process, argv) => {
  const words = argv.slice(1)
  while (/^-[cfw]$/.test(words[0] ?? "")) words.shift()
  if (process.group !== process.pid) {
    Object.assign(process, { group: process.pid, session: process.pid })
    return execute(process, words, process.env)
  }
  // The leader of a group cannot lead a session: a child does, and nobody waits for it.
  const child = makeProcess(process.machine, {
    parent: process,
    argv: words,
    env: process.env,
    cwd: process.cwd,
    open: process.open,
    isLeader: true
  })
  runIn(child, () => execute(child, words, process.env))
  return 0
}

const nohup: Program = (process, argv) => {
  process.ignored.add("HUP")
  return execute(process, argv.slice(1), process.env)
}

const nice: Program = (process, argv) => {
  const words = argv.slice(1)
  const at = words.findIndex((word, index) => !word.startsWith("-") && words[index - 1] !== "-n")
  return execute(process, words.slice(at), process.env)
}

const timeout: Program = async (process, argv) => {
  const words = argv.slice(1)
  let signal = signalOf("TERM") ?? "TERM"
  while (words[0]?.startsWith("-") === true) {
    const flag = words.shift() ?? ""
    if (/^(-s|--signal)/.test(flag))
      signal = signalOf(flag.replace(/^(-s|--signal=?)/, "") || (words.shift() ?? "")) ?? signal
    else if (flag === "-k") words.shift()
  }
  const seconds = secondsIn(words.shift() ?? "")
  if (seconds === undefined) {
    await complain(process, "timeout: invalid time interval")
    return 125
  }
  const child = makeProcess(process.machine, {
    parent: process,
    argv: words,
    env: process.env,
    cwd: process.cwd,
    open: process.open
  })
  runIn(child, () => execute(child, words, process.env))
  let late = false
  const over = new AbortController()
  process.machine.clock.sleep(seconds * 1000, over.signal).then(
    () => {
      late = true
      send(child, signal)
    },
    () => {}
  )
  const code = (await waitFor(process, child)) ?? 0
  over.abort()
  return late ? 124 : code
}

const commandLine = ({ argv }: Process): string => argv.join(" ").replaceAll("\n", " ")

const running = ({ machine }: Process): ReadonlyArray<Process> =>
  [...machine.processes.values()].sort((a, b) => a.pid - b.pid)

const ps: Program = async (process, argv) => {
  const isLong = argv.slice(1).some((word) => /[fu]/.test(word))
  await say(
    process,
    isLong ? "UID          PID    PPID  C STIME TTY          TIME CMD\n" : "    PID TTY          TIME CMD\n"
  )
  for (const one of running(process)) {
    const name = one.ended === null ? commandLine(one) : `[${one.argv[0]}] <defunct>`
    const pid = String(one.pid).padStart(7)
    await say(
      process,
      isLong
        ? `root     ${pid} ${String(one.parent).padStart(7)}  0 00:00 ?        00:00:00 ${name}\n`
        : `${pid} ?        00:00:00 ${one.argv[0]}\n`
    )
  }
  return 0
}

const pgrep: Program = async (process, argv) => {
  const kills = argv[0] === "pkill"
  const isFull = argv.includes("-f")
  const signal =
    argv.slice(1).flatMap((word) => (word.startsWith("-") ? (signalOf(word.slice(1)) ?? []) : []))[0] ?? "TERM"
  const rule = new RegExp(argv.slice(1).findLast((word) => !word.startsWith("-")) ?? "")
  const found = running(process).filter(
    (one) => one !== process && one.ended === null && rule.test(isFull ? commandLine(one) : (one.argv[0] ?? ""))
  )
  for (const one of found) {
    if (kills) send(one, signal)
    else await say(process, `${one.pid}\n`)
  }
  return found.length > 0 ? 0 : 1
}

const kill: Program = (process, argv) => runChild(process, ["sh", "-c", 'kill "$@"', "kill", ...argv.slice(1)])

/** A builtin of the shell, as a program of its own. */
const ofShell: Program = (process, argv) =>
  execute(process, ["sh", "-c", `${argv[0]} "$@"`, argv[0] ?? "", ...argv.slice(1)], process.env)

const reboot: Program = (process) => {
  process.machine.restart()
  return 0
}

const tty: Program = async (process) => {
  const isTerminal = process.open.get(0)?.isTerminal === true
  await say(process, isTerminal ? "/dev/pts/0\n" : "not a tty\n")
  return isTerminal ? 0 : 1
}

/** What runs other programs, and what shows and ends them. */
export const processPrograms: Readonly<Record<string, Program>> = {
  ...{
    env,
    printenv,
    setsid,
    nohup,
    nice,
    ionice: nice,
    stdbuf: nice,
    timeout,
    ps,
    pgrep,
    pkill: pgrep,
    kill,
    reboot,
    tty
  },
  ...{ echo: ofShell, printf: ofShell, pwd: ofShell, test: ofShell, "[": ofShell, which: ofShell },
  ...{ true: () => 0, false: () => 1, stty: () => 0, clear: () => 0 }
}
