import { z } from "zod"
import type { OptionEntry, Options, OptionValue } from "../catalogue/entry.ts"

/** Options that are about the terminal or the whole server, and one that makes a reading command more than that. */
const notForAgents = ["cloud", "csv", "chart", "recover", "yes"]

/** `maxTotal` of `--max-total <amount>`, as commander names it. */
const optionName = ({ flags }: OptionEntry): string =>
  (/--(?:no-)?([\w-]+)/.exec(flags)?.[1] ?? flags).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Only these texts, or any. */
const wordSchema = (choices: ReadonlyArray<string> | undefined): z.ZodType =>
  choices ? z.enum(choices) : z.string().min(1)

const optionSchema = ({ flags, description, repeats, choices }: OptionEntry): z.ZodType => {
  if (!flags.includes("<")) return z.boolean().optional().describe(description)
  if (/<(n|count|percent)>/.test(flags)) return z.number().min(0).optional().describe(description)
  const word = wordSchema(choices)
  return (repeats ? z.union([word, z.array(word)]) : word).optional().describe(description)
}

/** The options of a command as the fields of a tool's input: by the same names, with the same texts. */
export const optionFields = (options: ReadonlyArray<OptionEntry>): Readonly<Record<string, z.ZodType>> =>
  Object.fromEntries(
    options
      .filter((option) => !notForAgents.includes(optionName(option)))
      .map((option) => [optionName(option), optionSchema(option)])
  )

const wordsOf = (value: unknown): OptionValue => {
  if (typeof value === "boolean" || value === undefined) return value
  return Array.isArray(value) ? value.map(String) : String(value)
}

/** A tool's input as the options of a command line. */
export const optionsOf = (input: Readonly<Record<string, unknown>>): Options =>
  Object.fromEntries(Object.entries(input).map(([name, value]) => [name, wordsOf(value)]))
