import { type Field, type Fields, type InputOf, isParted, isTextType, textsIn } from "@anygpu/operations"
import type { Arguments, Options } from "../catalogue/entry.ts"
import type { Context } from "../context.ts"
import { flagOf, keptAs } from "./flags.ts"

type Here = Pick<Context, "io" | "now">

/*
 * What reads amounts, times and the like knows the SDK, and is loaded for those alone: a command that takes none of them
 * begins without it.
 */

/** What a field was given on the command line. */
interface Given {
  readonly field: Field
  /** By what the person knows it: `--max-total`, or the name of its place. */
  readonly label: string
  readonly texts: ReadonlyArray<string>
}

const oneOf = async ({ field, label }: Given, text: string, context: Here): Promise<unknown> => {
  const { type, least } = field
  if (type === "switch" || type === "variables" || type === "public-key" || isTextType(type)) return text
  if (type === "script") return await (await import("../workload.ts")).fileOf(text, label)
  const { parsers } = await import("@anygpu/operations/run")
  return parsers[type](text, label, { now: context.now, least })
}

const readField = async (given: Given, context: Here): Promise<unknown> => {
  const { field, label, texts } = given
  if (field.type === "variables") {
    const { variableIn } = await import("./variable.ts")
    return Object.fromEntries(texts.map((text) => variableIn(text, label, context.io.env)))
  }
  if (!field.repeats) return await oneOf(given, texts[0] ?? "", context)
  const parts = isParted(field.type) ? textsIn(texts) : texts
  return await Promise.all(parts.map((text) => oneOf(given, text, context)))
}

const textsOf = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : []

/**
 * The values that a command line gives to a command: by place for `places`, and by options for all fields.
 *
 * - Throws `InvalidRequest` for a text that means no such value, with the option as it was written, or by its `labels`.
 */
export const readArguments = async <F extends Fields>(
  fields: F,
  places: ReadonlyArray<string>,
  {
    args,
    raw,
    labels
  }: { readonly args: Arguments; readonly raw: Options; readonly labels?: ReadonlyMap<string, string> },
  context: Here
): Promise<InputOf<F>> => {
  const values: Array<readonly [string, unknown]> = []
  for (const [name, field] of Object.entries(fields)) {
    const flag = flagOf(name, field)
    const option = raw[keptAs(flag)]
    if (field.type === "switch") {
      if (typeof option === "boolean") values.push([name, option])
      continue
    }
    const inPlace = places.includes(name) ? textsOf(args[places.indexOf(name)]) : []
    const isGpus = field.type === "gpu" && inPlace.length > 0
    const placed = isGpus ? (await import("./gpus.ts")).gpusIn(inPlace) : inPlace
    const texts = [...placed, ...textsOf(option)]
    if (texts.length === 0) continue
    const label = labels?.get(name) ?? (placed.length > 0 && option === undefined ? name : `--${flag}`)
    values.push([name, await readField({ field, label, texts }, context)])
  }
  // The parsers have made each value what its field says, and commander has refused a line without what is required.
  return Object.fromEntries(values) as InputOf<F>
}
