/*
 * What a script of the shell is, after it was read.
 */

/** A piece of a word. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: "variable"
      readonly name: string
      readonly quoted: boolean
      /** `${#name}` */
      readonly length: boolean
      /** `:-`, `%%` and so on, with the word behind it. */
      readonly operator: string
      readonly word: Word
    }
  | { readonly kind: "command"; readonly script: Script; readonly quoted: boolean }
  | { readonly kind: "arithmetic"; readonly word: Word; readonly quoted: boolean }

/** A word, before it is expanded. */
export type Word = ReadonlyArray<Part>

/** Where a descriptor leads. */
export interface Redirection {
  readonly fd: number
  readonly operator: "<" | ">" | ">>" | ">|" | "<>" | "<&" | ">&" | "<<"
  readonly word: Word
}

/** Something that runs in the shell itself. */
export type Compound =
  | { readonly kind: "group"; readonly body: Script }
  | { readonly kind: "subshell"; readonly body: Script }
  | {
      readonly kind: "if"
      readonly branches: ReadonlyArray<readonly [Script, Script]>
      readonly otherwise: Script | null
    }
  | { readonly kind: "loop"; readonly until: boolean; readonly condition: Script; readonly body: Script }
  | { readonly kind: "for"; readonly name: string; readonly words: ReadonlyArray<Word> | null; readonly body: Script }
  | {
      readonly kind: "case"
      readonly word: Word
      readonly items: ReadonlyArray<{ readonly patterns: ReadonlyArray<Word>; readonly body: Script }>
    }
  | { readonly kind: "function"; readonly name: string; readonly body: Command }

/** One command, with where its descriptors lead. */
export type Command =
  | {
      readonly kind: "simple"
      readonly assignments: ReadonlyArray<readonly [name: string, value: Word]>
      readonly words: ReadonlyArray<Word>
      readonly redirections: ReadonlyArray<Redirection>
    }
  | (Compound & { readonly redirections: ReadonlyArray<Redirection> })

/** Commands joined by pipes. */
export interface Pipeline {
  readonly negated: boolean
  readonly commands: ReadonlyArray<Command>
}

/** Pipelines joined by `&&` and `||`. */
export interface Chain {
  readonly first: Pipeline
  readonly rest: ReadonlyArray<readonly [operator: "&&" | "||", Pipeline]>
  readonly background: boolean
}

/** What runs one after the other. */
export type Script = ReadonlyArray<Chain>

/** An invalid script. */
export class ScriptError extends Error {}

/** A command of words that mean themselves. */
export const scriptOf = (words: ReadonlyArray<string>): Script => [
  {
    first: {
      negated: false,
      commands: [
        {
          kind: "simple",
          assignments: [],
          words: words.map((text) => [{ kind: "text", text, quoted: true }]),
          redirections: []
        }
      ]
    },
    rest: [],
    background: false
  }
]
