import { stat } from "node:fs/promises"
import { isBuiltin } from "node:module"
import { accountNamePattern, clouds } from "@anygpu/clouds"
import { commandText, presetFields } from "@anygpu/operations"
import { presetsShape } from "@anygpu/operations/json"
import { InvalidRequest, Unauthenticated } from "anygpu"
import { z } from "zod"
import { readText } from "./read-text.ts"

const baseUrl = z.string().optional()

/** The entry of a cloud that anygpu has itself: its keys, and where it is. */
const entryShape = (options: ReadonlyArray<string>) => {
  const keys = Object.fromEntries(options.map((option) => [option, z.string().optional()]))
  const accounts = z.record(z.string().regex(accountNamePattern), z.strictObject(keys)).optional()
  return z.strictObject({ ...keys, baseUrl, accounts }).optional()
}

const adapter = z.strictObject({
  apiKey: z.string().optional(),
  baseUrl,
  package: z.string(),
  export: z.string().optional(),
  apiKeyEnv: z.string().min(1).optional(),
  options: z.record(z.string(), z.unknown()).optional()
})

/** An adapter that is not part of anygpu: where it comes from, and what it is called with. */
export type AdapterEntry = z.output<typeof adapter>

const shape = z.strictObject({
  clouds: z
    .strictObject(
      Object.fromEntries(clouds.map(({ name, keys }) => [name, entryShape(keys.map(({ option }) => option))]))
    )
    .optional(),
  adapters: z.record(z.string(), adapter).optional(),
  ledger: z.string().optional(),
  budget: z.string().optional(),
  budgets: z
    .record(
      z.string(),
      z.strictObject({
        ...{ perHour: z.string().optional(), perDay: z.string().optional() },
        ...{ perMonth: z.string().optional(), total: z.string().optional() }
      })
    )
    .optional(),
  presets: presetsShape.optional()
})

/**
 * The config file: `{ "clouds": { "vast": { "apiKey": "...", "baseUrl": "..." } }, "ledger": "..." }`.
 *
 * - `adapters` are clouds of other packages: `{ "acme": { "package": "@acme/anygpu", "apiKeyEnv": "ACME_API_KEY" } }`.
 * - `accounts` of a cloud are further ones of it, under names: `{ "vast": { "apiKey": "...", "accounts": { "team": { "apiKey": "..." } } } }`.
 * - `presets` are launches under names: `{ "train": { "gpu": "RTX 4090", "image": "me/train", "env": ["HF_TOKEN"] } }`.
 * - `budgets` are limits under names: `{ "team": { "perDay": "50", "perMonth": "800" } }`; `budget` is the one that counts where
 *   `--budget` names none.
 * - Everything in it is optional.
 */
export type Config = z.output<typeof shape>

/** Where the entry of an adapter stands. */
export const placeOf = (name: string): string => `adapters.${name}`

/** The entries of the clouds that anygpu has itself, as a person would write them. */
const entriesText = clouds
  .map(
    ({ name, keys }) =>
      `"${name}": { ${[...keys.map(({ option }) => option), "baseUrl"].map((field) => `"${field}"`).join(", ")} }`
  )
  .join(", ")

const packageName = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*(\/[\w~-][\w.~-]*)*$/
const own = ["apiKey", "baseUrl", "transport"]

/** What no schema says: names that would be somebody else's, and code from elsewhere than a package. */
const flawsOf = ([name, entry]: readonly [string, AdapterEntry]): ReadonlyArray<string> => [
  ...(clouds.some((one) => one.name === name) ? ["is the name of a cloud that anygpu has itself"] : []),
  ...(/^[a-z][a-z0-9-]*$/.test(name) ? [] : ["is no name: small letters, digits and - make one"]),
  ...(packageName.test(entry.package) && !isBuiltin(entry.package) ? [] : ["names no npm package"]),
  ...own.filter((field) => field in (entry.options ?? {})).map((field) => `has ${field} among its options`)
]

/** What is wrong at one place. Of a preset, which holds no keys, it is said by the names of fields. */
const problemOf = ({ path: at, code, ...issue }: z.core.$ZodIssue): string => {
  const place = at.length > 0 ? at.join(".") : "the file"
  if (code !== "unrecognized_keys") return `${place} is not what it should be`
  if (at[0] !== "presets" || !("keys" in issue)) return `${place} has an unknown field`
  return `${place} has no field ${issue.keys.join(", ")}: those of a preset are ${Object.keys(presetFields).join(", ")}`
}

/**
 * Reads the config file; an absent one is empty.
 *
 * - Refused when others than its owner may read it: it may hold keys. One that names code to load is its reader's own.
 * - What is wrong is said by its place, never with what stands there.
 */
export const readConfig = async (path: string): Promise<Config> => {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw InvalidRequest.of("config", `${path} cannot be read: ${error.code ?? "unknown"}`)
  })
  if (info === null) return {}
  if (process.platform !== "win32" && (info.mode & 0o077) !== 0) {
    const mode = (info.mode & 0o777).toString(8)
    throw new Unauthenticated({
      message: `${path} may hold keys, and others can read it (mode ${mode}). Run: ${commandText("chmod", "600", path)}`,
      retry: "permanent"
    })
  }
  const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
    throw InvalidRequest.of("config", `${path} cannot be read: ${error.code ?? "unknown"}`)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own words quote the file, which may hold keys.
    throw InvalidRequest.of("config", `${path} is not JSON`)
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) {
    const { adapters = {} } = parsed.data
    const flaws = Object.entries(adapters).flatMap((one) => flawsOf(one).map((flaw) => `${placeOf(one[0])} ${flaw}`))
    if (flaws.length > 0) throw InvalidRequest.of("config", `${path}: ${flaws.join("; ")}`)
    if (Object.keys(adapters).length > 0 && process.getuid && info.uid !== process.getuid()) {
      throw new Unauthenticated({
        message: `${path} names code to load and belongs to another user: make one of your own`,
        retry: "permanent"
      })
    }
    return parsed.data
  }
  const problems = parsed.error.issues.map(problemOf)
  throw InvalidRequest.of(
    "config",
    `${path}: ${problems.join("; ")}. It is { "clouds": { ${entriesText} }, "adapters": { "<name>": { "package", "export", "apiKeyEnv", "apiKey", "baseUrl", ` +
      `"options" } }, "ledger", "presets": { "<name>": { "gpu", "image", "disk", "env", "ports", ... } } }`
  )
}
