import { textsIn } from "@anygpu/operations"
import type { Options } from "./catalogue/entry.ts"

/*
 * What was written on the command line, by name and place. It is apart from `inputs.ts`, which knows money and needs the
 * SDK, so that `--help` and a wrong call load neither.
 */

/** The text of an option; undefined when it was not given. */
export const textOf = (options: Options, name: string): string | undefined => {
  const value = options[name]
  return typeof value === "string" ? value : undefined
}

/** All the texts of an option that may be given several times; commas part them too. */
export const textsOf = (options: Options, name: string): ReadonlyArray<string> => textsIn(wholeTextsOf(options, name))

/** The same as they were given: commas part nothing. */
const wholeTextsOf = (options: Options, name: string): ReadonlyArray<string> => {
  const value = options[name]
  return typeof value === "string" ? [value] : Array.isArray(value) ? value : []
}

/** Whether a switch is on; `--no-wait` turns off `wait`, which is on without it. */
export const isOn = (options: Options, name: string): boolean => options[name] === true
