import { release, share } from "../descriptor.ts"
import { complain, openIn, pathIn, readAll, say } from "../system.ts"
import { kill, trap, wait } from "./job-builtins.ts"
import { parse } from "./parse.ts"
import { formatted } from "./printf.ts"
import { read } from "./read-builtin.ts"
import { execute, lookUp } from "./spawn.ts"
import { type Builtin, environmentOf, Leave, setOptions, setVariable, variableOf } from "./state.ts"
import { ScriptError, scriptOf } from "./syntax.ts"
import { testCondition } from "./test.ts"
import { escapesIn } from "./words.ts"

const countIn = (text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise
  if (!/^\d+$/.test(text)) throw new ScriptError(`Illegal number: ${text}`)
  return Number(text)
}

const leave =
  (how: "break" | "continue"): Builtin =>
  ({ loops }, [count]) => {
    if (loops === 0) return 0
    throw new Leave(how, countIn(count, 1))
  }

const cd: Builtin = async (shell, args) => {
  const [given = variableOf(shell, "HOME") ?? "/"] = args.filter((arg) => arg !== "--" && arg !== "-P" && arg !== "-L")
  const path = given === "-" ? (variableOf(shell, "OLDPWD") ?? "/") : given
  const { process } = shell
  const absolute = pathIn(process, path).replace(/(?<=.)\/$/, "")
  if (process.machine.files.find(absolute)?.kind !== "folder") {
    await complain(process, `sh: cd: can't cd to ${path}`)
    return 2
  }
  setVariable(shell, "OLDPWD", process.cwd)
  process.cwd = absolute
  setVariable(shell, "PWD", absolute)
  if (given === "-") await say(process, `${absolute}\n`)
  return 0
}

const echo: Builtin = async ({ process }, args) => {
  const flags = /^-[neE]+$/.test(args[0] ?? "") ? (args[0] ?? "") : ""
  const text = (flags === "" ? args : args.slice(1)).join(" ")
  await say(process, `${flags.includes("e") ? escapesIn(text) : text}${flags.includes("n") ? "" : "\n"}`)
  return 0
}

/** `export` and `readonly`: their names, with the values that they are given. */
const declare: Builtin = async (shell, args) => {
  for (const arg of args.filter((word) => !word.startsWith("-"))) {
    const at = arg.indexOf("=")
    const name = at < 0 ? arg : arg.slice(0, at)
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new ScriptError(`export: ${name}: bad variable name`)
    setVariable(shell, name, at < 0 ? (variableOf(shell, name) ?? "") : arg.slice(at + 1), true)
  }
  if (args.length === 0 || args[0] === "-p") {
    for (const [name, value] of environmentOf(shell)) await say(shell.process, `export ${name}='${value}'\n`)
  }
  return 0
}

const local: Builtin = (shell, args) => {
  const saved = shell.locals.at(-1)
  if (saved === undefined) throw new ScriptError("local: not in a function")
  for (const arg of args) {
    const at = arg.indexOf("=")
    const name = at < 0 ? arg : arg.slice(0, at)
    if (!saved.has(name)) saved.set(name, shell.variables.get(name))
    if (at >= 0) setVariable(shell, name, arg.slice(at + 1), false)
    else shell.variables.delete(name)
  }
  return 0
}

const set: Builtin = (shell, args) => {
  const taken = setOptions(shell, args)
  if (taken < args.length || args[taken - 1] === "--") shell.arguments = args.slice(taken)
  return 0
}

/** `command -v`, `type` and `which`: where something is. */
const whereIs: Builtin = async (shell, args) => {
  let code = 0
  for (const name of args) {
    const found = lookUp(shell.process, name, variableOf(shell, "PATH") ?? "")
    const isOwn = shell.functions.has(name) || builtins.has(name)
    if (isOwn) await say(shell.process, `${name}\n`)
    else if (found.kind !== "none") await say(shell.process, `${found.path}\n`)
    else code = 127
  }
  return code
}

const exec: Builtin = async (shell, args) => {
  shell.traps.delete("EXIT")
  throw new Leave("exit", await execute(shell.process, args, environmentOf(shell)))
}

const command: Builtin = (shell, args) => {
  if (args[0] === "-v" || args[0] === "-V") return whereIs(shell, args.slice(1))
  const [name, ...rest] = args[0] === "-p" ? args.slice(1) : args
  if (name === undefined) return 0
  const builtin = builtins.get(name)
  return builtin === undefined ? shell.run(shell, scriptOf(args)) : builtin(shell, rest)
}

const source: Builtin = async (shell, [path = "", ...args]) => {
  const from = share(openIn(shell.process, path))
  const text = (await readAll(shell.process, from).finally(() => release(from))).toString("utf8")
  const outer = shell.arguments
  if (args.length > 0) shell.arguments = args
  try {
    return await shell.run(shell, parse(text))
  } catch (error) {
    if (error instanceof Leave && error.how === "return") return error.value
    throw error
  } finally {
    shell.arguments = outer
  }
}

const umask: Builtin = async ({ process }, [mode]) => {
  if (mode === undefined) await say(process, `${process.umask.toString(8).padStart(4, "0")}\n`)
  else process.umask = Number.parseInt(mode, 8)
  return 0
}

const test =
  (name: string): Builtin =>
  async ({ process }, args) => {
    try {
      return testCondition(process, name, args)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      await complain(process, `sh: ${name}: ${error.message}`)
      return 2
    }
  }

/** The commands of the shell itself, by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [":", () => 0],
  ["true", () => 0],
  ["false", () => 1],
  ["test", test("test")],
  ["[", test("[")],
  ["[[", (shell, args) => test("[")(shell, [...args.slice(0, -1), "]"])],
  [".", source],
  ["source", source],
  ["break", leave("break")],
  ["continue", leave("continue")],
  ["cd", cd],
  ["command", command],
  ["type", whereIs],
  ["which", whereIs],
  ["echo", echo],
  ["eval", (shell, args) => shell.run(shell, parse(args.join(" ")))],
  ["exec", exec],
  [
    "exit",
    (shell, [code]) => {
      throw new Leave("exit", countIn(code, shell.status))
    }
  ],
  [
    "return",
    (shell, [code]) => {
      throw new Leave("return", countIn(code, shell.status))
    }
  ],
  ["export", declare],
  ["readonly", declare],
  ["hash", () => 0],
  ["kill", kill],
  ["local", local],
  [
    "printf",
    async ({ process }, [format = "", ...args]) => {
      await say(process, formatted(format, args))
      return 0
    }
  ],
  [
    "pwd",
    async ({ process }) => {
      await say(process, `${process.cwd}\n`)
      return 0
    }
  ],
  ["read", read],
  ["set", set],
  [
    "shift",
    (shell, [count]) => {
      shell.arguments = shell.arguments.slice(countIn(count, 1))
      return 0
    }
  ],
  ["trap", trap],
  ["umask", umask],
  ["ulimit", () => 0],
  [
    "unset",
    (shell, names) => {
      for (const name of names) {
        shell.variables.delete(name)
        if (names[0] === "-f") shell.functions.delete(name)
      }
      return 0
    }
  ],
  ["wait", wait]
])
