import type { Context } from "../context.ts"

/** A value as it stands on the command line; an option that may be given several times is a list. */
export type OptionValue = string | boolean | ReadonlyArray<string> | undefined

/** The options of one call, by their names in camel case: `maxTotal` for `--max-total`. */
export type Options = Readonly<Record<string, OptionValue>>

/** The arguments of one call in the order of the table; a variadic one is a list. */
export type Arguments = ReadonlyArray<string | ReadonlyArray<string> | undefined>

/**
 * What a command does.
 *
 * - Answers its exit code: `exitCodes.done.code`, a remote command's, or the one for an incomplete answer.
 * - Throws the errors of the catalogue; `main` prints them and knows their exit codes.
 */
export type Run = (context: Context, args: Arguments, options: Options) => Promise<number>

/** What a shell looks up to offer for a value. */
export type Completes = "gpu" | "cloud" | "machine" | "offer" | "preset" | "file"

/** One argument of a command. */
export interface ArgumentEntry {
  /** As commander writes them: `<ref>` needed, `[ref]` not, `<ref...>` several. */
  readonly name: string
  readonly description: string
  /** Only these values. */
  readonly choices?: ReadonlyArray<string>
  readonly completes?: Completes
}

/** One option of a command. */
export interface OptionEntry {
  /** As commander writes them: `--max-total <amount>`. */
  readonly flags: string
  readonly description: string
  /** May be given several times, or once with commas. */
  readonly repeats?: boolean
  /** Only these values. */
  readonly choices?: ReadonlyArray<string>
  readonly completes?: Completes
}

/** One call to try, and what it does. */
export interface ExampleEntry {
  readonly call: string
  readonly does: string
}

/** Under which heading of `--help` a command stands. */
export type Group = "Find" | "Rent" | "Use" | "Look" | "Change" | "Account" | "Tools"

/**
 * One command: all that `--help`, completion and the documentation say of it.
 *
 * - `load` imports its module, so that a command costs nothing until it runs.
 */
export interface CommandEntry {
  readonly name: string
  readonly group: Group
  readonly summary: string
  /** More than the summary, for the command's own help. */
  readonly about?: string
  readonly arguments: ReadonlyArray<ArgumentEntry>
  readonly options: ReadonlyArray<OptionEntry>
  readonly examples: ReadonlyArray<ExampleEntry>
  readonly load: () => Promise<{ readonly run: Run }>
}
