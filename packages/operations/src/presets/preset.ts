import { type Field, fields } from "../input/field.ts"
import { filterFields, jobFields, workloadFields } from "../input/fields.ts"
import { launch } from "../launch.ts"

/** What a preset may say: what chooses a machine, how long it is needed, and what runs there. */
export const presetFields = fields({
  ...filterFields,
  interruptible: launch.input.interruptible,
  bid: launch.input.bid,
  ...jobFields,
  ttl: { type: "duration", description: "rented for so long" },
  maxTotal: launch.input.maxTotal,
  tags: launch.input.tags,
  image: workloadFields.image,
  os: launch.input.os,
  env: { type: "variables", description: "the names of variables, whose values are those of the shell" },
  ports: workloadFields.ports,
  command: workloadFields.command
})

/** A value of a preset, as it stands in a config file. */
export type PresetValue = string | number | boolean | ReadonlyArray<string | number>

/** What stands under one name, by the names of {@link presetFields}. */
export type Preset = { readonly [Name in keyof typeof presetFields]?: PresetValue | undefined }

/** The presets by their names. */
export type Presets = Readonly<Record<string, Preset>>

/** The fields that a preset says something of, in the order of the table. */
export const givenIn = (
  preset: Preset
): ReadonlyArray<{ readonly name: string; readonly field: Field; readonly value: PresetValue }> => {
  const all: Readonly<Record<string, PresetValue | undefined>> = preset
  return Object.entries(presetFields).flatMap(([name, field]) => {
    const value = all[name]
    return value === undefined ? [] : [{ name, field, value }]
  })
}

/** A value as the texts of an option; none for a switch. */
export const presetTexts = (value: PresetValue): ReadonlyArray<string> =>
  typeof value === "boolean" ? [] : typeof value === "object" ? value.map(String) : [String(value)]

/** What is said where a preset is asked for by a name that none has. */
export const noPreset = (name: string, presets: Presets): string => {
  const names = Object.keys(presets)
  const known = names.length === 0 ? "The config file has no presets" : `The config file has ${names.join(", ")}`
  return `"${name}" is no preset. ${known}`
}
