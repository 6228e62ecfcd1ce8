import type { CommandEntry, Completes, OptionEntry } from "../catalogue/entry.ts"
import { globalOptions } from "../catalogue/options.ts"
import { commands } from "../commands/index.ts"
import type { Line } from "./line.ts"

/** One word that may stand here. */
export interface Candidate {
  readonly value: string
  readonly description: string
}

/** What may stand at the cursor. */
export interface Candidates {
  readonly found: ReadonlyArray<Candidate>
  /** The word is a file. */
  readonly files: boolean
}

/** Looks up what is in no table: names of GPUs, machines of the ledger. `options` are those on the line, by their flags. */
export type LookUp = (
  what: Exclude<Completes, "file">,
  options: ReadonlyMap<string, string | true>
) => Promise<ReadonlyArray<Candidate>>

const help: OptionEntry = { flags: "-h, --help", description: "what the command does, with examples" }

const flagsOf = ({ flags }: OptionEntry): ReadonlyArray<string> => flags.match(/(?<=^|, )-[\w-]+/g) ?? []

const takesValue = ({ flags }: OptionEntry): boolean => flags.includes("<")

const optionOf = (options: ReadonlyArray<OptionEntry>, flag: string): OptionEntry | undefined =>
  options.find((option) => flagsOf(option).includes(flag))

/** What a line says so far. */
interface Said {
  readonly command: CommandEntry | undefined
  readonly help: boolean
  /** The arguments of the command so far. */
  readonly args: number
  readonly given: ReadonlyMap<string, string | true>
  /** The option whose value comes next. */
  readonly open: OptionEntry | undefined
  /** After `--`: what stands there is not ours. */
  readonly over: boolean
}

const nothing: Said = { command: undefined, help: false, args: 0, given: new Map(), open: undefined, over: false }

const optionsAfter = (said: Said): ReadonlyArray<OptionEntry> => [
  ...(said.command?.options ?? []),
  ...globalOptions,
  help
]

const read = (said: Said, word: string): Said => {
  if (said.over) return said
  if (said.open) {
    const [flag = ""] = flagsOf(said.open).slice(-1)
    return { ...said, open: undefined, given: new Map([...said.given, [flag, word]]) }
  }
  if (word === "--") return { ...said, over: true }
  if (word.startsWith("-")) {
    const [flag = "", ...value] = word.split("=")
    const option = optionOf(optionsAfter(said), flag)
    const [name = flag] = option ? flagsOf(option).slice(-1) : []
    const given = new Map([...said.given, [name, value.length > 0 ? value.join("=") : true] as const])
    return { ...said, given, open: option && takesValue(option) && value.length === 0 ? option : undefined }
  }
  if (said.command) return { ...said, args: said.args + 1 }
  if (said.help) return { ...said, over: true }
  const command = commands.find(({ name }) => name === word)
  return word === "help" ? { ...said, help: true } : { ...said, command, over: command === undefined }
}

const none: Candidates = { found: [], files: false }

const wordsOf = (choices: ReadonlyArray<string>): ReadonlyArray<Candidate> =>
  choices.map((value) => ({ value, description: "" }))

/** The words that begin as the current one does; `head` is the part of it that stays. */
const beginning = (all: ReadonlyArray<Candidate>, current: string, head = ""): Candidates => ({
  ...none,
  found: all
    .map(({ value, description }) => ({ value: `${head}${value}`, description }))
    .filter(({ value }) => value.toLowerCase().startsWith(current.toLowerCase()))
})

/** The values of an option or an argument; of a list with commas, the last one. */
const valuesOf = async (
  { choices, completes, repeats = false }: Pick<OptionEntry, "choices" | "completes" | "repeats">,
  current: string,
  head: string,
  said: Said,
  lookUp: LookUp
): Promise<Candidates> => {
  if (completes === "file") return { ...none, files: true }
  const all = choices ? wordsOf(choices) : completes ? await lookUp(completes, said.given) : []
  const written = current.slice(head.length)
  const list = repeats ? written.slice(0, written.lastIndexOf(",") + 1) : ""
  const taken = list.split(",")
  const left = all.filter(({ value }) => !taken.includes(value))
  return beginning(left, current, `${head}${list}`)
}

/** What may stand at the cursor, from the table of commands; `lookUp` is asked for what is in no table. */
export const candidatesFor = async ({ before, current }: Line, lookUp: LookUp): Promise<Candidates> => {
  const said = before.reduce(read, nothing)
  if (said.over) return none
  if (said.open) return valuesOf(said.open, current, "", said, lookUp)
  const options = optionsAfter(said)
  const [flag = ""] = current.split("=")
  if (current.startsWith("-") && current.includes("=")) {
    const option = optionOf(options, flag)
    return option && takesValue(option) ? valuesOf(option, current, `${flag}=`, said, lookUp) : none
  }
  if (current.startsWith("-")) {
    const left = options.filter((option) => option.repeats || !flagsOf(option).some((one) => said.given.has(one)))
    const flags = left.flatMap((option) => {
      const [last] = flagsOf(option).slice(-1)
      return last === undefined ? [] : [{ value: last, description: option.description }]
    })
    return beginning(flags, current)
  }
  if (!said.command) {
    const names = commands.map(({ name, summary }) => ({ value: name, description: summary }))
    const more = said.help ? [] : [{ value: "help", description: "help for one command" }]
    return beginning([...names, ...more], current)
  }
  const { arguments: args } = said.command
  const last = args.at(-1)
  const argument = args[said.args] ?? (last?.name.includes("...") ? last : undefined)
  return argument ? valuesOf(argument, current, "", said, lookUp) : none
}
