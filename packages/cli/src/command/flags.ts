import type { Field, ValueType } from "@anygpu/operations"
import type { Completes, OptionEntry } from "../catalogue/entry.ts"

/** How help calls the value of an option, where that is not the name of its type. */
const placeholders: { readonly [T in ValueType]?: string } = {
  variables: "name=value",
  script: "file",
  "public-key": "file",
  words: "text",
  "port-number": "port",
  tag: "name=value"
}

/** What a shell looks up for a type of value. */
const completions: { readonly [T in ValueType]?: Completes } = {
  ...{ gpu: "gpu", machine: "machine", offer: "offer", file: "file", script: "file", "public-key": "file" }
}

/** The words of an option without its dashes: `max-total` for the field `maxTotal`. */
export const flagOf = (name: string, { flag }: Field): string =>
  flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The name under which commander keeps an option: `maxTotal` for `--max-total`, `chart` for `--no-chart`. */
export const keptAs = (flag: string): string =>
  flag.replace(/^no-/, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** What a shell looks up for a field, as a part of an entry. */
export const completesOf = ({ type }: Field): { readonly completes?: Completes } => {
  const completes = completions[type]
  return completes ? { completes } : {}
}

/** Whether the option of a field may be given several times. */
export const isList = ({ type, repeats }: Field): boolean => repeats === true || type === "variables"

/** A field as an option. */
export const optionOf = (name: string, field: Field, letter?: string): OptionEntry => {
  const { type, description, choices } = field
  const value = type === "switch" ? "" : ` <${placeholders[type] ?? type}>`
  return {
    flags: `${letter ? `-${letter}, ` : ""}--${flagOf(name, field)}${value}`,
    description,
    ...(isList(field) && { repeats: true }),
    ...(choices && { choices }),
    ...completesOf(field)
  }
}
