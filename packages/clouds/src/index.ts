import type { Cloud } from "@anygpu/core"
import { type CloudAccess, type CloudDescription, type Environment, type KeyValues, keyIn } from "@anygpu/core/cloud"
import * as list from "./list.ts"

export {
  accountNamePattern,
  type CloudAccess,
  type CloudDescription,
  type CloudKey,
  type CloudNotes,
  type Environment,
  type KeyValues,
  keyIn,
  keyOfAccount,
  type Vocabulary
} from "@anygpu/core/cloud"

/** The clouds that anygpu has itself, by their names. Each describes itself; its adapter is loaded when it is opened. */
export const clouds: ReadonlyArray<CloudDescription> = Object.values(list)

/**
 * The transport over a `fetch`, for the factory of a cloud that is not in the list; those in it take the `fetch` itself.
 *
 * - What adapters are made of is loaded by the call.
 */
export const transportOver = async (fetch: NonNullable<CloudAccess["fetch"]>) =>
  (await import("@anygpu/core/adapter")).fetchTransport(fetch)

/** A variable of the environment that is about one cloud: `VAST_API_KEY`. */
export const variableOf = (name: string, what: "API_KEY" | "BASE_URL"): string =>
  `${name.toUpperCase().replaceAll("-", "_")}_${what}`

/** The keys of a cloud that an environment holds; null unless all of them are there. */
export const keysIn = (env: Environment, { keys }: Pick<CloudDescription, "keys">): KeyValues | null => {
  const found = keys.flatMap((key) => {
    const value = keyIn(env, key)
    return value === undefined ? [] : [[key.option, value]]
  })
  return found.length === keys.length ? Object.fromEntries(found) : null
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
 * const gpu = createGpu({ clouds: await openClouds(process.env) })
 * ```
 */
export const openClouds = (env: Environment, access: CloudAccess = {}): Promise<ReadonlyArray<Cloud>> =>
  Promise.all(
    clouds.flatMap((cloud) => {
      const keys = keysIn(env, cloud)
      return keys ? [cloud.open(keys, access)] : []
    })
  )
