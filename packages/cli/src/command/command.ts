import type { Field, Fields, InputOf, Operation } from "@anygpu/operations"
import type { ArgumentEntry, CommandEntry, ExampleEntry, Group, OptionEntry } from "../catalogue/entry.ts"
import { accountOption, cloudOption, presetOption } from "../catalogue/options.ts"
import type { Context } from "../context.ts"
import { callOf } from "./example.ts"
import { completesOf, flagOf, isList, optionOf } from "./flags.ts"

/** What a command does with its values; answers its exit code. */
export type Run<F extends Fields> = (context: Context, input: InputOf<F>) => Promise<number>

/** How an operation is called as a command. */
export interface Face<F extends Fields> {
  readonly group: Group
  /** What it takes, where the command takes more or less than the operation: what is about the terminal, and files. */
  readonly input: F
  /** The fields that are given by their place; `option` for one that is an option too, with what is said of the place. */
  readonly places?: ReadonlyArray<string | { readonly field: string; readonly description: string }>
  /** Options of one letter, by their fields. */
  readonly letters?: Readonly<Record<string, string>>
  /** Whether `--cloud` chooses the clouds that it asks. */
  readonly asksClouds?: boolean
  /** Whether `--preset` fills in what is not written. */
  readonly takesPreset?: boolean
  /** Of a command that is several operations: what it is called. */
  readonly name?: string
  /** Where it needs other words than the operation has for all faces. */
  readonly summary?: string
  /** Null where the operation's own words are for others than people at a terminal. */
  readonly about?: string | null
  /** Calls to try beside those of the operation. */
  readonly examples?: ReadonlyArray<ExampleEntry>
  /** Calls to try in place of those of the operation. */
  readonly calls?: ReadonlyArray<ExampleEntry>
  load(): Promise<{ readonly run: Run<F> }>
}

/** What is said of a machine's name by a person, beside what the operation says. */
const personNames = "; a part of one only where it is read, or you can be asked"

/** A field with what only a person at a terminal has to know of it. */
const forPeople = (field: Field): Field =>
  field.type === "machine" ? { ...field, description: `${field.description}${personNames}` } : field

const argumentOf = (name: string, field: Field, description: string): ArgumentEntry => {
  const shown = `${flagOf(name, field)}${isList(field) ? "..." : ""}`
  return {
    name: field.required ? `<${shown}>` : `[${shown}]`,
    description,
    ...(field.choices && { choices: field.choices }),
    ...completesOf(field)
  }
}

/** What a command is made from: an operation, or what is about the command itself and no operation. */
type Described = Pick<Operation, "name" | "summary" | "about"> & Partial<Pick<Operation, "input" | "examples" | "load">>

/** An operation as a command: its arguments, options and examples, and what reads them as values. */
export const commandOf = <F extends Fields>(operation: Described, face: Face<F>): CommandEntry => {
  const { input, places = [], letters = {}, asksClouds = false, takesPreset = false } = face
  const placed = places.map((place) => (typeof place === "string" ? { field: place, description: null } : place))
  const onlyPlaces = placed.filter(({ description }) => description === null).map(({ field }) => field)
  const options: ReadonlyArray<OptionEntry> = Object.entries(input)
    .filter(([name]) => !onlyPlaces.includes(name))
    .map(([name, field]) => optionOf(name, field, letters[name]))
  const about = face.about === undefined ? (operation.about ?? null) : face.about
  const calls =
    face.calls ??
    (operation.examples ?? []).map(({ input: example, does }) => ({
      call: callOf({ name: operation.name, input: operation.input ?? {} }, onlyPlaces, example),
      does
    }))
  return {
    name: face.name ?? operation.name,
    group: face.group,
    summary: face.summary ?? operation.summary,
    ...(about !== null && { about }),
    arguments: placed.flatMap(({ field: name, description }) => {
      const field = input[name]
      return field ? [argumentOf(name, field, description ?? forPeople(field).description)] : []
    }),
    options: [...options, ...(takesPreset ? [presetOption] : []), ...(asksClouds ? [cloudOption, accountOption] : [])],
    examples: [...calls, ...(face.examples ?? [])],
    load: async () => {
      // The operation is needed as soon as its command runs.
      const [{ run }, { readArguments }] = await Promise.all([face.load(), import("./read.ts"), operation.load?.()])
      return {
        run: async (context, args, raw) => {
          const given = takesPreset
            ? await (await import("./preset.ts")).fillFromPreset(input, { args, raw }, context)
            : { raw }
          const places = placed.map(({ field }) => field)
          return run(context, await readArguments(input, places, { args, ...given }, context))
        }
      }
    }
  }
}
