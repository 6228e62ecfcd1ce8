import type { Cloud } from "@anygpu/core"
import type { CloudAccess, CloudDescription, KeyValues } from "@anygpu/core/cloud"
import * as list from "./list.ts"

export type { CloudAccess, CloudDescription, CloudKey, CloudNotes, KeyValues, Vocabulary } from "@anygpu/core/cloud"

/** The clouds that anygpu has itself, by their names. Each describes itself; its adapter is loaded when it is opened. */
export const clouds: ReadonlyArray<CloudDescription> = Object.values(list)

/** The variables of an environment. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The keys of a cloud that an environment holds; null unless all of them are there. */
export const keysIn = (env: Environment, { keys }: Pick<CloudDescription, "keys">): KeyValues | null => {
  const found = keys.map(({ option, variables }) => [option, variables.map((name) => env[name]?.trim()).find(Boolean)])
  return found.every(([, value]) => value) ? Object.fromEntries(found) : null
}

/**
 * Opens every cloud whose keys are in an environment; see the `keys` of {@link clouds} for the variables.
 *
 * - Clouds without keys are left out: an empty list when no key is there.
 * - Rejects with `InvalidRequest` for a key that cannot be one. Nothing is sent.
 *
 * @example
 * ```ts
 * import { openClouds } from "@anygpu/clouds"
 * import { createGpu } from "anygpu"
 *
 * const gpu = createGpu({ providers: await openClouds(process.env) })
 * ```
 */
export const openClouds = (env: Environment, access: CloudAccess = {}): Promise<ReadonlyArray<Cloud>> =>
  Promise.all(
    clouds.flatMap((cloud) => {
      const keys = keysIn(env, cloud)
      return keys ? [cloud.open(keys, access)] : []
    })
  )
