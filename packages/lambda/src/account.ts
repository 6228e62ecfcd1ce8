import { BadResponse, type GpuError, type SshKey } from "@anygpu/core"
import { type Caller, keyRegistry, listRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { keyOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** The most characters of a key's name. Source: Lambda Cloud API 1.10.0, AddSSHKeyRequest. */
const longestName = 64

/** A name that no key of the account has: Lambda takes each once. */
const freeName = (name: string, taken: ReadonlySet<string | null>): string => {
  for (let count = 1; ; count++) {
    const suffix = count === 1 ? "" : `-${count}`
    const tried = `${name.slice(0, longestName - suffix.length).toWellFormed()}${suffix}`
    if (!taken.has(tried)) return tried
  }
}

/** The ssh keys of an account. Launches name them: their texts are compared, and their names are sent. */
export const account = (caller: Caller) => {
  const { call } = caller

  const keys = listRows<wire.SshKey>(caller, {
    ...{ cloud: "Lambda", operation: "listSSHKeys", part: "keys", schema: wire.SshKey, keyOf: ({ id }) => id },
    ask: () => Effect.map(call(endpoints.listSSHKeys), (rows) => ({ rows }))
  }).pipe(Effect.map((all) => all.with(all.items.map(keyOf))))

  const registry = keyRegistry({
    by: "text",
    keys,
    register: (public_key, wanted) =>
      Effect.gen(function* () {
        const taken = new Set((yield* keys).items.map(({ name }) => name))
        return keyOf(yield* call(endpoints.addSSHKey, { body: { name: freeName(wanted, taken), public_key } }))
      })
  })

  /** The name under which a key is on the account, registered where it is not there. */
  const nameOfKey = (publicKey: string): Effect.Effect<string, GpuError> =>
    Effect.flatMap(registry.add(publicKey), ({ id, name }: SshKey) => {
      if (name !== null) return Effect.succeed(name)
      const message = `sshKeys: Lambda gives the key ${id} no name that can be read, by which a launch has to call it; rename it in the console`
      return Effect.fail(new BadResponse({ message, retry: "permanent", path: "data.name" }))
    })

  /** One that is gone already is success. */
  const removeSshKey = (id: string) =>
    Effect.asVoid(call(endpoints.deleteSSHKey, { params: { id } })).pipe(Effect.catchTag("NotFound", () => Effect.void))

  return { keys, registry, nameOfKey, removeSshKey }
}
