import { release, share } from "../descriptor.ts"
import { Ended, type Process } from "../process.ts"
import { complain, opened, openIn, readAll, readLine, say } from "../system.ts"
import { parse } from "./parse.ts"
import { runScript } from "./run.ts"
import type { Program } from "./spawn.ts"
import { Leave, type Shell, setOptions, setVariable, variableOf } from "./state.ts"
import { type Script, ScriptError } from "./syntax.ts"

/** A shell in a process. */
const makeShell = (process: Process, name: string, args: ReadonlyArray<string>): Shell => {
  const shell: Shell = {
    ...{ process, name, arguments: args, pid: process.pid },
    variables: new Map([...process.env].map(([key, value]) => [key, { value, exported: true }])),
    functions: new Map(),
    traps: new Map(),
    ...{
      jobs: [],
      locals: [],
      status: 0,
      captured: null,
      isLast: false,
      lastJob: 0,
      conditions: 0,
      loops: 0,
      commands: 0
    },
    options: { exitOnError: false, unset: false, trace: false, pipefail: false, monitor: false },
    run: runScript
  }
  setVariable(shell, "PWD", process.cwd, true)
  setVariable(shell, "IFS", " \t\n", false)
  return shell
}

/** What the shell does at its end. */
const atExit = async (shell: Shell, code: number): Promise<number> => {
  const action = shell.traps.get("EXIT")
  if (action === undefined) return code
  shell.traps.delete("EXIT")
  shell.status = code
  try {
    await runScript(shell, parse(action))
    return code
  } catch (error) {
    if (error instanceof Leave) return error.value
    throw error
  }
}

const runText = async (shell: Shell, text: string): Promise<number> => {
  let script: Script
  try {
    script = parse(text)
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    await complain(shell.process, `${shell.name}: ${error.message}`)
    return 2
  }
  try {
    return await runScript(shell, script)
  } catch (error) {
    if (error instanceof Leave) return error.value
    throw error
  }
}

const promptOf = (shell: Shell): string => {
  const { cwd, machine } = shell.process
  const home = variableOf(shell, "HOME") ?? "/root"
  const where = cwd === home || cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd
  const user = variableOf(shell, "USER") ?? "root"
  return `${user}@${machine.hostname}:${where}${user === "root" ? "#" : "$"} `
}

/** Whether a script only lacks its rest. */
const isUnfinished = (text: string): boolean => {
  try {
    parse(text)
    return false
  } catch (error) {
    return error instanceof ScriptError && /end of file|Unterminated|expected|missing|EOF/.test(error.message)
  }
}

/** Reads commands from a terminal, line by line. */
const interact = async (shell: Shell): Promise<number> => {
  const { process } = shell
  // The shell itself does not end by what its user breaks off.
  for (const signal of ["INT", "QUIT", "TERM"] as const) process.caught.add(signal)
  for (;;) {
    await say(process, promptOf(shell))
    let text = ""
    do {
      if (text !== "") await say(process, "> ")
      const { line, ended } = await readLine(process, opened(process, 0))
      if (ended && line === "") return shell.status
      text += `${line}\n`
    } while (isUnfinished(text))
    process.pending.length = 0
    try {
      await runScript(shell, parse(text))
    } catch (error) {
      if (error instanceof Leave && error.how === "exit") return error.value
      if (error instanceof Ended) throw error
      if (!(error instanceof Leave)) await complain(process, `sh: ${error instanceof Error ? error.message : error}`)
    }
  }
}

/** `sh`: runs a text, a file, its input, or what comes from a terminal. */
export const sh: Program = async (process, argv) => {
  const [name = "sh", ...args] = argv
  const words = args.filter((arg) => arg !== "-l" && arg !== "--login" && arg !== "-i")
  const at = words.findIndex((word) => !/^[-+]\w/.test(word))
  const flags = at < 0 ? words : words.slice(0, at)
  const rest = at < 0 ? [] : words.slice(at)
  const isText = flags.some((flag) => /^-\w*c/.test(flag))
  const isInput = flags.some((flag) => /^-\w*s/.test(flag))
  const [first] = rest
  const ownName = isText ? (rest[1] ?? name) : first !== undefined && !isInput ? first : name
  const shell = makeShell(process, ownName.replace(/^-/, ""), isText ? rest.slice(2) : rest.slice(isInput ? 0 : 1))
  setOptions(
    shell,
    flags.map((flag) => flag.replaceAll(/[cs]/g, "")).filter((flag) => flag.length > 1)
  )
  const code = async (): Promise<number> => {
    if (isText) return runText(shell, first ?? "")
    if (isInput || first === undefined) {
      const input = opened(process, 0)
      return input.isTerminal === true
        ? interact(shell)
        : runText(shell, (await readAll(process, input)).toString("utf8"))
    }
    const file = share(openIn(process, first))
    return runText(shell, (await readAll(process, file).finally(() => release(file))).toString("utf8"))
  }
  return atExit(shell, await code())
}
