import { readFile } from "node:fs/promises"
import { join } from "node:path"

/** Finds the value of a secret that an order names; null where there is none. */
export type FindSecret = (name: string) => string | null | Promise<string | null>

/** Where a keeper has the secrets that orders may name. */
export interface SecretPlaces {
  /** Variables: those whose names begin with `ANYGPU_SECRET_`, and no others, so that no order gets a key of a cloud. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A folder with a file for each, such as `/run/secrets`, or a folder of credentials of systemd. */
  readonly directory?: string
}

/** A name that leads out of no folder. */
const isName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)

const fileOf = async (path: string): Promise<string | null> => {
  try {
    return (await readFile(path, "utf8")).replace(/\r?\n$/, "")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}

/**
 * Finds secrets by their names in variables and in a folder; a variable goes before a file.
 *
 * - Read each time: a secret that was changed holds from the next launch on. The last end of line of a file is left out.
 * - Rejects as reading does for a file that is there and cannot be read.
 */
export const secretsFrom =
  ({ env = {}, directory }: SecretPlaces): FindSecret =>
  async (name) => {
    if (!isName(name)) return null
    const variable = env[`ANYGPU_SECRET_${name}`]
    if (variable !== undefined && variable !== "") return variable
    return directory === undefined ? null : await fileOf(join(directory, name))
  }
