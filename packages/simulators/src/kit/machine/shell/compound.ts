import { capture, waitForChild } from "./capture.ts"
import { expandText, expandWords, patternOf } from "./expand.ts"
import { matches } from "./pattern.ts"
import { fork, runIn } from "./spawn.ts"
import { Leave, type Shell, setVariable } from "./state.ts"
import type { Command, Script } from "./syntax.ts"

const whileIn = async (shell: Shell, work: () => Promise<boolean>): Promise<number> => {
  shell.loops += 1
  let status = 0
  try {
    for (;;) {
      try {
        if (!(await work())) return status
        status = shell.status
      } catch (error) {
        if (!(error instanceof Leave) || (error.how !== "break" && error.how !== "continue")) throw error
        if (error.value > 1 && shell.loops > 1) throw new Leave(error.how, error.value - 1)
        status = 0
        if (error.how === "break") return 0
      }
    }
  } finally {
    shell.loops -= 1
  }
}

/** Runs something whose code is a condition: it ends nothing. */
const condition = async (shell: Shell, script: Script): Promise<boolean> => {
  shell.conditions += 1
  try {
    return (await shell.run(shell, script)) === 0
  } finally {
    shell.conditions -= 1
  }
}

const runFor = async (
  shell: Shell,
  { name, words, body }: Extract<Command, { readonly kind: "for" }>
): Promise<number> => {
  const values = words === null ? [...shell.arguments] : [...(await expandWords(shell, words, capture))]
  return whileIn(shell, async () => {
    const value = values.shift()
    if (value === undefined) return false
    setVariable(shell, name, value)
    await shell.run(shell, body)
    return true
  })
}

const runCase = async (shell: Shell, command: Extract<Command, { readonly kind: "case" }>): Promise<number> => {
  const text = await expandText(shell, command.word, capture)
  for (const { patterns, body } of command.items) {
    for (const pattern of patterns) {
      if (matches(text, await patternOf(shell, pattern, capture))) return shell.run(shell, body)
    }
  }
  return 0
}

/** Runs what is no simple command: loops, cases and the like. */
export const runCompound = async (
  shell: Shell,
  command: Exclude<Command, { readonly kind: "simple" }>
): Promise<number> => {
  switch (command.kind) {
    case "group":
      return shell.run(shell, command.body)
    case "subshell": {
      const child = fork(shell)
      runIn(child.process, () => shell.run(child, command.body))
      return waitForChild(shell, child.process)
    }
    case "if":
      for (const [test, body] of command.branches) if (await condition(shell, test)) return shell.run(shell, body)
      return command.otherwise === null ? 0 : shell.run(shell, command.otherwise)
    case "loop":
      return whileIn(shell, async () => {
        if ((await condition(shell, command.condition)) === command.until) return false
        await shell.run(shell, command.body)
        return true
      })
    case "for":
      return runFor(shell, command)
    case "case":
      return runCase(shell, command)
    case "function":
      shell.functions.set(command.name, command.body)
      return 0
  }
}
