import { InvalidRequest, isGpuError } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { isParted, isTextType, textsIn } from "./input/texts.ts"
import { parsers } from "./input/values.ts"
import { givenIn, noPreset, type Preset, presetTexts } from "./presets/preset.ts"
import type { presetsInput } from "./presets.ts"
import type { PresetListJson } from "./protocol/answers/presets.ts"

/** A preset, and which of its values mean nothing. */
export interface NamedPreset {
  readonly name: string
  readonly preset: Preset
  readonly flaws: ReadonlyArray<string>
}

/** Where a value of a preset stands, for people. */
export const placeInPreset = (preset: string, field: string): string => `presets.${preset}.${field}`

const flawsOf = ({ now }: Pick<OperationContext, "now">, preset: string, given: Preset): ReadonlyArray<string> =>
  givenIn(given).flatMap(({ name, field, value }) => {
    const { type, choices, least } = field
    const written = presetTexts(value)
    const texts = field.repeats && isParted(type) ? textsIn(written) : written
    const place = placeInPreset(preset, name)
    return texts.flatMap((text) => {
      if (choices && !choices.includes(text))
        return [`${place}: unknown value "${text}"; expected ${choices.join(", ")}`]
      if (isTextType(type) || type === "variables" || type === "switch") return []
      if (type === "script" || type === "public-key") return []
      try {
        parsers[type](text, place, { now, least })
        return []
      } catch (error) {
        if (isGpuError(error)) return [error.message]
        throw error
      }
    })
  })

/** Reads the presets, all or one by its name. */
export const run = async (
  context: OperationContext,
  { name: wanted }: InputOf<typeof presetsInput>
): Promise<ReadonlyArray<NamedPreset>> => {
  const all = await context.presets()
  if (wanted !== undefined && !Object.hasOwn(all, wanted)) throw InvalidRequest.of("name", noPreset(wanted, all))
  return Object.entries(all)
    .filter(([name]) => wanted === undefined || name === wanted)
    .map(([name, preset]) => ({ name, preset, flaws: flawsOf(context, name, preset) }))
}

const fieldsJson = (preset: Preset): PresetListJson["presets"][number]["fields"] =>
  Object.fromEntries(
    givenIn(preset).map(({ name, value }) => [
      name,
      typeof value === "boolean" ? value : typeof value === "object" ? value.map(String) : String(value)
    ])
  )

/** The presets in JSON. */
export const encode = (all: ReadonlyArray<NamedPreset>): PresetListJson => ({
  presets: all.map(({ name, preset, flaws }) => ({ name, fields: fieldsJson(preset), flaws: [...flaws] }))
})
