import { choosingFields, type Fields, givenIn, noPreset, presetTexts } from "@anygpu/operations"
import { isRef, placeInPreset } from "@anygpu/operations/run"
import { InvalidRequest } from "anygpu"
import type { Arguments, Options, OptionValue } from "../catalogue/entry.ts"
import type { Context } from "../context.ts"
import { flagOf, isList, keptAs } from "./flags.ts"

/** What a command line says, and by what a value of a preset is known in an error. */
export interface Filled {
  readonly raw: Options
  readonly labels: ReadonlyMap<string, string>
}

/** What chooses an offer: nothing of it is taken where one is named. */
const choosing: ReadonlyArray<string> = choosingFields

const textsOf = (value: OptionValue): ReadonlyArray<string> =>
  typeof value === "string" ? [value] : typeof value === "object" ? value : []

/** The name of a variable: `A` for `A=1`. */
const variableOf = (text: string): string => text.split("=")[0] ?? text

/**
 * A command line with what its `--preset` says, as far as the command takes it and nothing was written in its place.
 *
 * - Variables are added to those of the preset, and one of the same name takes its place.
 * - A named offer, or GPUs by their place, take the place of what the preset says of those.
 * - Throws `InvalidRequest` for a name that none has.
 */
export const fillFromPreset = async (
  fields: Fields,
  { args, raw }: { readonly args: Arguments; readonly raw: Options },
  { presets }: Pick<Context, "presets">
): Promise<Filled> => {
  const wanted = raw.preset
  const labels = new Map<string, string>()
  if (typeof wanted !== "string") return { raw, labels }
  const all = await presets()
  const preset = Object.hasOwn(all, wanted) ? all[wanted] : undefined
  if (preset === undefined) throw InvalidRequest.of("--preset", noPreset(wanted, all))
  const placed = args.flatMap((arg) => (arg === undefined ? [] : typeof arg === "string" ? [arg] : [...arg]))
  const isNamed = raw.offer !== undefined || placed.some(isRef)
  const filled: Record<string, OptionValue> = { ...raw }
  for (const { name, value } of givenIn(preset)) {
    const field = fields[name]
    if (!field || (isNamed && choosing.includes(name)) || (name === "gpu" && placed.length > 0)) continue
    const kept = keptAs(flagOf(name, field))
    const written = textsOf(raw[kept])
    if (field.type === "variables") {
      const own = presetTexts(value).filter((text) => !written.some((one) => variableOf(one) === variableOf(text)))
      filled[kept] = [...own, ...written]
    } else if (raw[kept] === undefined) {
      labels.set(name, placeInPreset(wanted, name))
      const texts = presetTexts(value)
      filled[kept] = typeof value === "boolean" ? value : isList(field) ? texts : texts[0]
    }
  }
  return { raw: filled, labels }
}
