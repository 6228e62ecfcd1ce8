import { clouds } from "@anygpu/clouds"
import { Argument, Command, Help, InvalidArgumentError, Option } from "commander"
import type { ArgumentEntry, Arguments, CommandEntry, OptionEntry, Options } from "./catalogue/entry.ts"
import { globalOptions } from "./catalogue/options.ts"
import { commands } from "./commands/index.ts"
import type { Io } from "./io.ts"
import { version } from "./version.ts"

/** Runs one command with what was read for it; the global options are among `options`. */
export type Dispatch = (entry: CommandEntry, args: Arguments, options: Options) => Promise<void>

const optionOf = ({ flags, description, repeats, choices }: OptionEntry): Option => {
  const option = new Option(flags, description)
  if (choices) option.choices(choices)
  if (!repeats) return option
  return option.argParser((value: string, before: ReadonlyArray<string> | undefined): ReadonlyArray<string> => {
    const values = choices ? value.split(",").map((part) => part.trim()) : [value]
    if (choices && values.some((part) => !choices.includes(part))) {
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`)
    }
    return [...(before ?? []), ...values]
  })
}

const argumentOf = ({ name, description, choices }: ArgumentEntry): Argument => {
  const argument = new Argument(name, description)
  return choices ? argument.choices(choices) : argument
}

const examplesOf = ({ examples }: CommandEntry): string =>
  ["", "Examples:", ...examples.flatMap(({ call, does }) => [`  # ${does}`, `  $ ${call}`])].join("\n")

const descriptionOf = ({ summary, about }: CommandEntry): string => {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
  return about === undefined ? sentence : `${sentence}\n\n${about}`
}

const wordOf = (value: unknown): Arguments[number] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? undefined : String(value)

/** Below this many columns, help has what it says of an option on lines of its own. */
const narrow = 60

/** One line of help, or one item of several lines where the terminal is narrow. */
const formatItem = (term: string, termWidth: number, description: string, help: Help): string => {
  const width = help.helpWidth ?? 80
  if (width >= narrow || description === "") {
    return Help.prototype.formatItem.call(help, term, termWidth, description, help)
  }
  return `  ${term}\n${help.boxWrap(description, width - 6).replace(/^/gm, "      ")}`
}

const variables = clouds.flatMap(({ keys }) => keys.map(({ variables: [first] }) => first))
const keysNote =
  `\nKeys come from ${new Intl.ListFormat("en").format(variables)}, from the config file, or from a prompt.\n` +
  "Without an account, try any command with --sim."

/** The program of commander, from the table of commands. It prints help itself and throws everything else. */
export const makeProgram = ({ stdout, stderr }: Io, dispatch: Dispatch): Command => {
  const program = new Command("anygpu")
    .description("Rent GPUs from several clouds: find, compare, launch, watch, end.")
    .version(version, "-V, --version")
    .usage("[command] [options]")
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20, formatItem })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // The caller prints the error, as text or as JSON.
      outputError: () => {},
      getOutHelpWidth: () => (stdout.isTTY ? (stdout.columns ?? 80) : 80),
      getErrHelpWidth: () => (stderr.isTTY ? (stderr.columns ?? 80) : 80)
    })
    .exitOverride()
    .helpCommand("help [command]", "help for one command")
  for (const entry of globalOptions) program.addOption(optionOf(entry))
  for (const entry of commands) {
    const command = program
      .command(entry.name)
      .helpGroup(`${entry.group}:`)
      .summary(entry.summary)
      .description(descriptionOf(entry))
      .addHelpText("after", examplesOf(entry))
    for (const argument of entry.arguments) command.addArgument(argumentOf(argument))
    for (const option of entry.options) command.addOption(optionOf(option))
    command.action((...given: ReadonlyArray<unknown>) =>
      dispatch(entry, given.slice(0, entry.arguments.length).map(wordOf), command.optsWithGlobals<Options>())
    )
  }
  return program.addHelpText("after", keysNote)
}
