import type { GpuError, SshKey } from "@anygpu/core"
import { type Caller, keyFingerprint, keyRegistry, listRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import * as wire from "./wire.ts"

const keyOf = ({ id, name, public_key }: wire.Key): SshKey => ({
  ...{ id, name: name ?? null, publicKey: public_key ?? null, fingerprint: null }
})

/** What an account holds besides machines: its keys. Its balance is in no answer of the API. */
export const account = (caller: Caller) => {
  const { call } = caller
  const keys = listRows<wire.Key>(caller, {
    ...{ cloud: "Shadeform", operation: "listSshKeys", part: "keys", field: "ssh_keys", schema: wire.Key },
    keyOf: ({ id }) => id,
    ask: () => Effect.map(call(endpoints.listSshKeys), ({ ssh_keys: rows }) => ({ rows }))
  }).pipe(Effect.map((all) => all.with(all.items.map(keyOf))))

  const register = (publicKey: string, name: string): Effect.Effect<SshKey, GpuError> =>
    Effect.map(call(endpoints.addSshKey, { body: { name, public_key: publicKey } }), ({ id }) =>
      keyOf({ id, name, public_key: publicKey })
    )

  const registry = keyRegistry({
    by: "text",
    keys,
    /** Names are unique on an account: one that another key has already gets a part of this key's fingerprint. */
    register: (publicKey, name) =>
      register(publicKey, name).pipe(
        Effect.catchTag("Conflict", () =>
          Effect.flatMap(keyFingerprint(publicKey), (print) =>
            register(
              publicKey,
              `${name}-${print
                .replace(/\W|SHA256/g, "")
                .slice(0, 8)
                .toLowerCase()}`
            )
          )
        )
      )
  })

  const removeSshKey = (id: string) =>
    call(endpoints.deleteSshKey, { params: { id } }).pipe(
      Effect.asVoid,
      Effect.catchTag("NotFound", () => Effect.void)
    )

  return { keys, registry, removeSshKey }
}
