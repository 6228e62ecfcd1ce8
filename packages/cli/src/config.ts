import { readFile, stat } from "node:fs/promises"
import { InvalidRequest, Unauthenticated } from "anygpu"
import { z } from "zod"
import { cloudNames } from "./catalogue/options.ts"

const cloud = z.strictObject({
  apiKey: z.string().optional(),
  baseUrl: z.string().optional()
})

const shape = z.strictObject({
  clouds: z.strictObject({ fluence: cloud.optional(), huddle: cloud.optional(), vast: cloud.optional() }).optional(),
  ledger: z.string().optional()
})

/**
 * The config file: `{ "clouds": { "vast": { "apiKey": "...", "baseUrl": "..." } }, "ledger": "..." }`.
 *
 * - Everything in it is optional.
 */
export type Config = z.output<typeof shape>

/**
 * Reads the config file; an absent one is empty.
 *
 * - Refused when others than its owner may read it: it may hold keys.
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
      message: `${path} may hold keys, and others can read it (mode ${mode}). Run: chmod 600 ${JSON.stringify(path)}`,
      retry: "permanent"
    })
  }
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
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
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path: at, code }) => {
    const place = at.length > 0 ? at.join(".") : "the file"
    return code === "unrecognized_keys" ? `${place} has a field that is none` : `${place} is not what it should be`
  })
  throw InvalidRequest.of(
    "config",
    `${path}: ${problems.join("; ")}. It is { "clouds": { ${cloudNames.map((name) => `"${name}"`).join(", ")}: ` +
      `{ "apiKey", "baseUrl" } }, "ledger" }`
  )
}
