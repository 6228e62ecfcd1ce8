import type { Process } from "../process.ts"
import type { Command, Script } from "./syntax.ts"

/** A variable of the shell. */
export interface Variable {
  readonly value: string
  readonly exported: boolean
}

/** A shell while it runs: what it knows besides its process. */
export interface Shell {
  readonly process: Process
  /** What `$$` is: a subshell has that of the shell around it. */
  readonly pid: number
  readonly name: string
  arguments: ReadonlyArray<string>
  readonly variables: Map<string, Variable>
  readonly functions: Map<string, Command>
  readonly traps: Map<string, string>
  /** What runs in the background, the last one last. */
  readonly jobs: Process[]
  /** Variables to put back when a function is left, for each function that runs. */
  readonly locals: Array<Map<string, Variable | undefined>>
  status: number
  /** The code of the last command substitution in a command; null where there was none. */
  captured: number | null
  /** Whether it is a subshell of one command, which may take its process over. */
  isLast: boolean
  lastJob: number
  options: { exitOnError: boolean; unset: boolean; trace: boolean; pipefail: boolean; monitor: boolean }
  /** How deep in conditions it is, where a code that is not 0 ends nothing. */
  conditions: number
  loops: number
  commands: number
  /** Runs a script in it; answers its code. */
  readonly run: (shell: Shell, script: Script) => Promise<number>
}

/** A command of the shell itself. */
export type Builtin = (shell: Shell, args: ReadonlyArray<string>) => number | Promise<number>

/** A variable's value. */
export const variableOf = ({ variables }: Shell, name: string): string | undefined => variables.get(name)?.value

/** Sets a variable; what was exported stays so. */
export const setVariable = (shell: Shell, name: string, value: string, exported?: boolean): void => {
  const isExported = exported ?? shell.variables.get(name)?.exported ?? false
  shell.variables.set(name, { value, exported: isExported })
}

/** The variables that programs get. */
export const environmentOf = ({ variables }: Shell): ReadonlyMap<string, string> =>
  new Map([...variables].flatMap(([name, { value, exported }]) => (exported ? [[name, value] as const] : [])))

/** Thrown to leave what runs. */
export class Leave extends Error {
  readonly how: "break" | "continue" | "return" | "exit"
  readonly value: number
  constructor(how: Leave["how"], value: number) {
    super(how)
    this.how = how
    this.value = value
  }
}

const optionNames: Readonly<Record<string, keyof Shell["options"]>> = {
  ...{ e: "exitOnError", u: "unset", x: "trace", m: "monitor" },
  ...{ errexit: "exitOnError", nounset: "unset", xtrace: "trace", monitor: "monitor", pipefail: "pipefail" }
}

/** Sets the options that some words name; answers how many words those were. */
export const setOptions = (shell: Shell, args: ReadonlyArray<string>): number => {
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at] ?? ""
    if (arg === "--") return at + 1
    if (!/^[-+]\w/.test(arg)) break
    const on = arg.startsWith("-")
    for (const letter of arg.slice(1)) {
      if (letter === "o") at += 1
      const option = optionNames[letter === "o" ? (args[at] ?? "") : letter]
      if (option !== undefined) shell.options[option] = on
    }
  }
  return at
}
