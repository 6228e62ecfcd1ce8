import { BadResponse, Listing, money } from "@anygpu/core"
import { type Caller, coalesce, keyRegistry, listRows, makeAccount, unreadIn } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { keyOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** What the two kinds of one account share: keys, one list, one balance. */
export const account = (caller: Caller, apiKey: string) => {
  const { call } = caller

  /** Vast says whose a key is: `id` of "show user", which a key without `user_read` may not ask. */
  const me = makeAccount({
    provider: "vast",
    apiKey,
    identify: call({ ...endpoints.currentUser, repeat: "never", timeout: "5 seconds" }).pipe(
      Effect.flatMap(({ id }) => {
        if (id != null) return Effect.succeed(String(id))
        const message = "currentUser: Vast's answer holds no id; look for a newer anygpu"
        return Effect.fail(new BadResponse({ message, retry: "permanent", path: "id" }))
      })
    )
  })

  /** Keys as they came, each by itself. */
  const keysIn = Effect.fnUntraced(function* (raw: ReadonlyArray<unknown>, operation: string) {
    const observedAt = yield* DateTime.now
    const { rows, problems } = yield* caller.rows(wire.Key, raw, { part: "keys", operation })
    return Listing.read({ items: rows.flatMap(keyOf), observedAt, problems })
  })

  const keys = call(endpoints.listSshKeys).pipe(
    Effect.catchTag("NotFound", () => Effect.succeed([])),
    Effect.flatMap((rows) => keysIn(rows, "listSshKeys"))
  )

  /** What a duplicate does is not documented. A key of the account has no name beside its comment. */
  const registry = keyRegistry({
    by: "text",
    keys,
    register: (publicKey) =>
      Effect.map(call(endpoints.createSshKey, { body: { ssh_key: publicKey } }), ({ key }) => {
        const [made] = keyOf(key)
        return made ?? { id: String(key.id), name: null, publicKey, fingerprint: null }
      })
  })

  /** A machine that moved between two pages comes twice on the wire: to count it as two would end one as a double. */
  const freshList = listRows<wire.Instance>(caller, {
    ...{ cloud: "Vast", operation: "listInstances", part: "machines", field: "instances", schema: wire.Instance },
    keyOf: ({ id }) => id,
    ask: (token) => {
      const query = { limit: 25, ...(token !== undefined && { after_token: token }) }
      return Effect.map(call(endpoints.listInstances, { query }), ({ instances, next_token, total_instances }) => ({
        rows: instances ?? [],
        next: next_token,
        total: total_instances
      }))
    }
  })

  /** One read for both kinds. It may have begun before what was just done: it must not prove that something is absent. */
  const list = coalesce(freshList)

  const balance = call(endpoints.currentUser).pipe(
    Effect.flatMap((user) => {
      const { id, credit, balance } = user
      if (id != null) me.learn(String(id))
      // What is in `credit` and cannot be read is not what `balance` says.
      const isUnread = unreadIn(user).some(({ field }) => field === "credit")
      const available = isUnread ? null : (credit ?? balance)
      if (available != null) return Effect.succeed(money(Math.max(0, available)))
      const message =
        "currentUser: Vast's answer holds neither credit nor balance that can be read; look for a newer anygpu"
      return Effect.fail(new BadResponse({ message, retry: "permanent", path: "credit" }))
    })
  )

  return { me, keys, keysIn, registry, list, freshList, balance }
}

/** What {@link account} makes. */
export type Account = ReturnType<typeof account>
