import { Declined } from "@anygpu/operations"
import type { Io } from "./io.ts"
import { plain } from "./plain.ts"

/** Asks the person at the terminal. */
export interface Asker {
  /** Whether somebody can be asked. */
  readonly possible: boolean
  /** Yes or no; `Declined` where nobody can be asked. */
  confirm(question: string): Promise<boolean>
  /** A text. */
  text(question: string): Promise<string>
  /** A text that is not shown while it is typed. */
  secret(question: string): Promise<string>
  /** One of several. */
  choose<A extends string>(question: string, choices: ReadonlyArray<A>): Promise<A>
}

/** Asks on the standard error stream, so that what is printed stays clean. */
export const askerOn = (io: Io, allowed: boolean): Asker => {
  const possible = allowed && io.stdin.isTTY === true && io.stderr.isTTY === true
  const context = { input: io.stdin, output: io.stderr, signal: io.signal, clearPromptOnDone: false }
  const ask = async <A>(asked: string, prompt: (message: string) => Promise<A>): Promise<A> => {
    const question = asked.split("\n").map(plain).join("\n")
    if (!possible) throw new Declined(`Nobody can be asked: ${question}`)
    try {
      return await prompt(question)
    } catch (error) {
      if (io.signal.aborted || !(error instanceof Error) || error.name !== "ExitPromptError") throw error
      throw new Declined(`No answer: ${question}`)
    }
  }
  return {
    possible,
    confirm: (question) =>
      ask(question, async (message) => (await import("./prompts.ts")).confirm({ message, default: false }, context)),
    text: (question) => ask(question, async (message) => (await import("./prompts.ts")).input({ message }, context)),
    secret: (question) =>
      ask(question, async (message) => (await import("./prompts.ts")).password({ message, mask: false }, context)),
    choose: (question, given) =>
      ask(question, async (message) => {
        const choices = given.map((value) => ({ value, name: plain(value) }))
        return (await import("./prompts.ts")).select({ message, choices }, context)
      })
  }
}
