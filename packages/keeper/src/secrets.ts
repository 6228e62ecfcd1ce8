import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { isSecretName } from "anygpu/effect"

/** Finds the value of a secret that an order names; null for one that is missing. */
export type FindSecret = (name: string) => string | null | Promise<string | null>

/** Where a keeper has the secrets that orders may name. */
export interface SecretPlaces {
  /** Variables: those whose names begin with `ANYGPU_SECRET_`, and no others, so that no order gets a key of a cloud. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A folder with a file for each, such as `/run/secrets`, or a folder of credentials of systemd. */
  readonly directory?: string
}

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
    if (!isSecretName(name)) return null
    const variable = env[`ANYGPU_SECRET_${name}`]
    if (variable !== undefined && variable !== "") return variable
    return directory === undefined ? null : await fileOf(join(directory, name))
  }
