import { type CloudDescription, clouds } from "@anygpu/clouds"
import type { Config } from "./config.ts"
import { Usage } from "./own-errors.ts"

/** The names of the clouds that anygpu has itself. */
export const cloudNames: ReadonlyArray<string> = clouds.map(({ name }) => name)

/** A cloud that anygpu has itself, as it describes itself; undefined for any other. */
export const builtIn = (name: string): CloudDescription | undefined => clouds.find((cloud) => cloud.name === name)

/** Every cloud that can be asked for: those that anygpu has, then the adapters of the config file. */
export const knownClouds = ({ adapters = {} }: Config): ReadonlyArray<string> => [
  ...cloudNames,
  ...Object.keys(adapters)
]

/** The clouds that `--cloud` names, all of them without it; `Usage` for a name that none has. */
export const chosenClouds = (config: Config, named: ReadonlyArray<string> | null): ReadonlyArray<string> => {
  const known = knownClouds(config)
  const stranger = named?.find((name) => !known.includes(name))
  if (stranger === undefined) return known.filter((name) => named?.includes(name) ?? true)
  throw new Usage(`--cloud: "${stranger}" is no cloud that is here. Allowed choices are ${known.join(", ")}.`)
}

/** The part of the config file that has the entry of a cloud. */
export const sectionOf = (name: string): "clouds" | "adapters" => (builtIn(name) ? "clouds" : "adapters")

/** What the config file says of a cloud, by the names of its fields. */
export const entryOf = (name: string, config: Config): Readonly<Record<string, unknown>> =>
  config[sectionOf(name)]?.[name] ?? {}

/** A text in the config file's entry of a cloud, without blanks around it; undefined where it is missing. */
export const entryText = (name: string, field: string, config: Config): string | undefined => {
  const value = entryOf(name, config)[field]
  return typeof value === "string" ? value.trim() || undefined : undefined
}
