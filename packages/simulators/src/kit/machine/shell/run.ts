import { makePipe, type Opened } from "../descriptor.ts"
import type { Process } from "../process.ts"
import { assign, complain, openIn } from "../system.ts"
import { builtins } from "./builtins.ts"
import { capture, waitForChild } from "./capture.ts"
import { runCompound } from "./compound.ts"
import { expandText, expandWords, isOfScript } from "./expand.ts"
import { parse } from "./parse.ts"
import { redirect, redirected } from "./redirect.ts"
import { breathe, execute, fork, runIn, spawn } from "./spawn.ts"
import { environmentOf, Leave, type Shell, setVariable, type Variable } from "./state.ts"
import { type Chain, type Command, type Pipeline, type Script, ScriptError } from "./syntax.ts"

/** Takes the signals that have come, by what the script says of them. */
const takeSignals = async (shell: Shell): Promise<void> => {
  for (let signal = shell.process.pending.shift(); signal !== undefined; signal = shell.process.pending.shift()) {
    const action = shell.traps.get(signal)
    const { status } = shell
    if (action !== undefined) await runScript(shell, parse(action))
    shell.status = status
  }
}

type Simple = Extract<Command, { readonly kind: "simple" }>

/** Sets variables while something runs, and puts back what they were. */
const withVariables = async (
  shell: Shell,
  assignments: ReadonlyArray<readonly [string, string]>,
  work: () => Promise<number>
): Promise<number> => {
  const before = assignments.map(([name]): readonly [string, Variable | undefined] => [name, shell.variables.get(name)])
  for (const [name, value] of assignments) setVariable(shell, name, value, true)
  try {
    return await work()
  } finally {
    for (const [name, old] of before) {
      if (old === undefined) shell.variables.delete(name)
      else shell.variables.set(name, old)
    }
  }
}

const callFunction = async (shell: Shell, body: Command, args: ReadonlyArray<string>): Promise<number> => {
  const outer = shell.arguments
  shell.arguments = args
  shell.locals.push(new Map())
  try {
    return await runCommand(shell, body)
  } catch (error) {
    if (error instanceof Leave && error.how === "return") return error.value
    throw error
  } finally {
    shell.arguments = outer
    for (const [name, old] of shell.locals.pop() ?? []) {
      if (old === undefined) shell.variables.delete(name)
      else shell.variables.set(name, old)
    }
  }
}

/** Builtins whose assignments stay. */
const special = new Set([":", ".", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift", "unset"])

const runSimple = async (shell: Shell, { assignments, words, redirections }: Simple): Promise<number> => {
  shell.captured = null
  const fields = await expandWords(shell, words, capture)
  const values: Array<readonly [string, string]> = []
  for (const [name, word] of assignments) {
    const value = await expandText(shell, word, capture)
    if (fields.length === 0) setVariable(shell, name, value)
    else values.push([name, value])
  }
  const [name, ...args] = fields
  if (shell.options.trace)
    await complain(shell.process, `+ ${[...values.map((pair) => pair.join("=")), ...fields].join(" ")}`)
  if (name === undefined) {
    // Without a command the code is that of the last substitution.
    const status = shell.captured ?? 0
    await redirected(shell, redirections, capture, async () => 0)
    return status
  }
  const body = shell.functions.get(name)
  if (body !== undefined)
    return redirected(shell, redirections, capture, () =>
      withVariables(shell, values, () => callFunction(shell, body, args))
    )
  const builtin = builtins.get(name)
  if (builtin !== undefined) {
    if (name === "exec" && args.length === 0) {
      await redirect(shell, shell.process, redirections, capture)
      return 0
    }
    const work = async () => builtin(shell, args)
    if (!special.has(name)) return redirected(shell, redirections, capture, () => withVariables(shell, values, work))
    for (const [variable, value] of values) setVariable(shell, variable, value)
    return redirected(shell, redirections, capture, work)
  }
  if (shell.isLast) return execLast(shell, fields, values, redirections)
  const child = spawn(shell, fields, values, (process) => prepare(shell, process, redirections))
  return waitForChild(shell, child)
}

/** Runs a program in the process of a subshell that has nothing else to do. */
const execLast = async (
  shell: Shell,
  argv: ReadonlyArray<string>,
  extra: ReadonlyArray<readonly [string, string]>,
  redirections: Simple["redirections"]
): Promise<number> => {
  const { process } = shell
  const failed = await prepare(shell, process, redirections)
  return failed ?? execute(process, argv, new Map([...environmentOf(shell), ...extra]))
}

const prepare = async (
  shell: Shell,
  process: Process,
  redirections: Simple["redirections"]
): Promise<number | null> => {
  try {
    await redirect(shell, process, redirections, capture)
    return null
  } catch (error) {
    if (!isOfScript(error)) throw error
    await complain(process, `sh: 1: ${error.message}`)
    return 1
  }
}

const runCommand = async (shell: Shell, command: Command): Promise<number> => {
  await breathe(shell)
  if (shell.process.pending.length > 0) await takeSignals(shell)
  try {
    const work = () =>
      command.kind === "simple"
        ? runSimple(shell, command)
        : redirected(shell, command.redirections, capture, () => runCompound(shell, command))
    const status = await work()
    if (shell.process.pending.length > 0) {
      shell.status = status
      await takeSignals(shell)
    }
    return status
  } catch (error) {
    if (!isOfScript(error)) throw error
    await complain(shell.process, `sh: ${error.message}`)
    if (error instanceof ScriptError) throw new Leave("exit", 2)
    return 1
  }
}

const runPipes = async (shell: Shell, commands: ReadonlyArray<Command>): Promise<number> => {
  const children: Process[] = []
  let input: Opened | null = null
  for (const [index, command] of commands.entries()) {
    const pipe = index < commands.length - 1 ? makePipe() : null
    const child = fork(shell)
    if (input !== null) assign(child.process, 0, input)
    if (pipe !== null) assign(child.process, 1, pipe.writer)
    input = pipe?.reader ?? null
    child.isLast = command.kind === "simple"
    runIn(child.process, () => runCommand(child, command))
    children.push(child.process)
  }
  const codes: number[] = []
  for (const child of children) codes.push(await waitForChild(shell, child))
  const last = codes.at(-1) ?? 0
  return shell.options.pipefail ? (codes.findLast((code) => code !== 0) ?? 0) : last
}

const runPipeline = async (shell: Shell, { negated, commands }: Pipeline): Promise<number> => {
  const [only] = commands
  const run = () => (commands.length === 1 && only !== undefined ? runCommand(shell, only) : runPipes(shell, commands))
  if (!negated) {
    shell.status = await run()
    return shell.status
  }
  shell.conditions += 1
  try {
    shell.status = (await run()) === 0 ? 1 : 0
  } finally {
    shell.conditions -= 1
  }
  return shell.status
}

const startBackground = (shell: Shell, { first, rest }: Chain): void => {
  const child = fork(shell, shell.options.monitor ? { group: "own" } : {})
  if (!shell.options.monitor) {
    for (const signal of ["INT", "QUIT"] as const) child.process.ignored.add(signal)
    assign(child.process, 0, openIn(child.process, "/dev/null"))
  }
  child.isLast = rest.length === 0 && first.commands.length === 1 && first.commands[0]?.kind === "simple"
  runIn(child.process, () => runChain(child, { first, rest, background: false }))
  shell.jobs.push(child.process)
  shell.lastJob = child.process.pid
  shell.status = 0
}

const runChain = async (shell: Shell, { first, rest }: Chain): Promise<number> => {
  const pipelines = [first, ...rest.map(([, pipeline]) => pipeline)]
  for (const [index, pipeline] of pipelines.entries()) {
    const operator = rest[index - 1]?.[0]
    if (operator !== undefined && (shell.status === 0) !== (operator === "&&")) continue
    const isLast = index === pipelines.length - 1
    if (!isLast) shell.conditions += 1
    try {
      await runPipeline(shell, pipeline)
    } finally {
      if (!isLast) shell.conditions -= 1
    }
    const fails = isLast && !pipeline.negated && shell.status !== 0
    if (fails && shell.options.exitOnError && shell.conditions === 0) throw new Leave("exit", shell.status)
  }
  return shell.status
}

/** Runs what a script says, in a shell; answers the code of the last command. */
export const runScript = async (shell: Shell, script: Script): Promise<number> => {
  if (script.length === 0) shell.status = 0
  for (const chain of script) {
    if (chain.background) startBackground(shell, chain)
    else await runChain(shell, chain)
  }
  return shell.status
}
