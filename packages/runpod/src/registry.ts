import type { GpuError, Issue, RegistryLogin } from "@anygpu/core"
import { type Caller, imageHost, listRows, type Account as WhoseKey } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import * as wire from "./wire.ts"

/** The names that people write for Docker's own registry. */
const dockers = ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"]

const plainHost = (host: string): string => {
  const bare = host
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "")
    .toLowerCase()
  return dockers.includes(bare) ? "docker.io" : bare
}

/**
 * What is wrong with a login. Runpod's logins name no host: one goes to the registry of the image, whichever that is.
 *
 * Source: Runpod API reference v2, CreateRegistryRequest.
 */
export const loginIssues = ({ host, username, password }: RegistryLogin, image: string): ReadonlyArray<Issue> => {
  const of = plainHost(imageHost(image))
  const issues: Issue[] = []
  if (plainHost(host) !== of) {
    issues.push({
      path: "registry.host",
      problem: `is ${host}, and the image is of ${of}: Runpod would send the login there`
    })
  }
  if (username.length > 191)
    issues.push({ path: "registry.username", problem: "is longer than the 191 that Runpod takes" })
  if (password.length > 16_384)
    issues.push({ path: "registry.password", problem: "is longer than the 16384 that Runpod takes" })
  return issues
}

/**
 * The id of a login on the account, which is made where it is not there yet.
 *
 * - Known by its name: user, host, and a code of all three that only this API key makes, so that another password is
 *   another login. It stays on the account, costs nothing, and serves every later launch.
 */
export const registryId = (
  caller: Caller,
  me: WhoseKey,
  { host, username, password }: RegistryLogin
): Effect.Effect<string, GpuError> => {
  const of = plainHost(host)
  const name = `anygpu ${username.slice(0, 60)}@${of.slice(0, 60)} ${me.codeOf(JSON.stringify([of, username, password]))}`
  const list = listRows<wire.Registry>(caller, {
    ...{
      cloud: "Runpod",
      operation: "listRegistries",
      part: "registries",
      schema: wire.Registry,
      keyOf: ({ id }) => id
    },
    ask: () => Effect.map(caller.call(endpoints.listRegistries), ({ registries }) => ({ rows: registries }))
  })
  return Effect.flatMap(list, ({ items }) => {
    const known = items.find((one) => one.name === name)
    if (known) return Effect.succeed(known.id)
    return Effect.map(caller.call(endpoints.createRegistry, { body: { name, username, password } }), ({ id }) => id)
  })
}
