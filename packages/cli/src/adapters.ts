import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { commandText } from "@anygpu/operations"
import { type Cloud, InvalidRequest } from "anygpu"
import { resolve } from "import-meta-resolve"
import { type AdapterEntry, placeOf } from "./config.ts"
import { mustBeOurs } from "./ownership.ts"

/** What an adapter's factory is called with. */
export interface FactoryOptions {
  readonly apiKey: string
  readonly baseUrl?: string
  /** Only where the command looks at what is sent, as `doctor` does. */
  readonly transport?: unknown
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * The file behind a package's name, as Node finds it from the config folder: what a working directory holds is anybody's.
 */
const findPackage = (name: string, place: string, configFile: string): string => {
  const folder = dirname(configFile)
  try {
    return fileURLToPath(resolve(name, pathToFileURL(join(folder, "package.json")).href))
  } catch (error) {
    const isMissing = codeOf(error) === "ERR_MODULE_NOT_FOUND"
    const command = commandText("npm", "install", "--prefix", folder, name)
    const problem = isMissing
      ? `${name} is not installed in ${folder}. Run: ${command}`
      : `${name} is there and has no such entry: ${messageOf(error)}`
    throw InvalidRequest.of(`${place}.package`, problem)
  }
}

const loadModule = async (name: string, file: string, place: string): Promise<Fields> => {
  try {
    return await import(/* @vite-ignore */ pathToFileURL(file).href)
  } catch (error) {
    throw InvalidRequest.of(`${place}.package`, `${name} cannot be loaded from ${file}: ${messageOf(error)}`)
  }
}

/** What a value is, for people; of an object its fields. What is in it is never shown. */
const describe = (value: unknown): string => {
  if (value instanceof Promise) return "a promise"
  if (Array.isArray(value)) return "a list"
  if (!isFields(value)) return value === null || value === undefined ? String(value) : `a ${typeof value}`
  return `an object with ${Object.keys(value).join(", ") || "nothing"}`
}

const operations = ["offers", "launch", "get", "list", "terminate", "recover"] as const

const isProvider = (value: unknown): value is Fields =>
  isFields(value) &&
  typeof value.kind === "string" &&
  value.capabilities instanceof Set &&
  operations.every((name) => typeof value[name] === "function")

/** What keeps a value from being a cloud; null when it is one. */
const flawOf = (value: unknown): string | null => {
  if (!isFields(value)) return describe(value)
  if (typeof value.name !== "string") return `${describe(value)}, whose \`name\` is ${describe(value.name)}`
  if (!isFields(value.kinds)) return `${describe(value)}, whose \`kinds\` are ${describe(value.kinds)}`
  const kinds = Object.entries(value.kinds)
  if (kinds.length === 0) return "a cloud without any kind"
  const [wrong] = kinds.filter(([, provider]) => !isProvider(provider) || provider.provider !== value.name)
  return wrong
    ? `${describe(value)}, and \`kinds.${wrong[0]}\` is not a provider of ${value.name} made by defineProvider`
    : null
}

const isCloud = (value: unknown): value is Cloud => flawOf(value) === null

/**
 * Opens the cloud of an adapter that is not part of anygpu, by its entry in the config file.
 *
 * - The package is looked for beside the config file, and nowhere else. Code that others could have put there is not
 *   loaded.
 * - What an adapter says when it fails is shown without the key.
 */
export const openAdapter = async (
  name: string,
  entry: AdapterEntry,
  given: FactoryOptions,
  configFile: string
): Promise<Cloud> => {
  const place = placeOf(name)
  const file = findPackage(entry.package, place, configFile)
  await mustBeOurs(file, entry.package)
  const module = await loadModule(entry.package, file, place)
  const wanted = entry.export ?? name
  const factory = module[wanted]
  if (typeof factory !== "function") {
    const functions = Object.keys(module).filter((key) => typeof module[key] === "function")
    const there = functions.length > 0 ? `these: ${functions.join(", ")}` : "none"
    throw InvalidRequest.of(
      `${place}.export`,
      `${entry.package} exports no function ${wanted}; of functions it exports ${there}`
    )
  }
  let cloud: unknown
  try {
    cloud = factory({ ...entry.options, ...given })
  } catch (error) {
    const reason = messageOf(error).replaceAll(given.apiKey, "[API key]")
    throw InvalidRequest.of(place, `${wanted}() of ${entry.package} failed: ${reason}`)
  }
  if (!isCloud(cloud)) {
    throw InvalidRequest.of(
      `${place}.export`,
      `${wanted}() of ${entry.package} answers no cloud, which has { name, kinds, native }, but ${flawOf(cloud)}`
    )
  }
  if (cloud.name === name) return cloud
  throw InvalidRequest.of(place, `the cloud of ${entry.package} is called ${cloud.name}: call the entry so too`)
}
