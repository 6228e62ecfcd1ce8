import { BadResponse, Listing, money } from "@anygpu/core"
import { allPages, type Caller, joined, makeAccount, unreadIn } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { endpoints } from "./endpoints.ts"
import { keyLike, keyOf } from "./to-domain.ts"
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

  const oneByOne = Semaphore.makeUnsafe(1)

  /**
   * Finds a key by what it is, and registers it only when it is not there: duplicates are not documented. One at a time,
   * so that two launches with one key do not both miss it.
   */
  const addKey = Effect.fnUntraced(function* (publicKey: string) {
    const same = keyLike((yield* keys).items, publicKey)
    if (same) return same
    const { key } = yield* call(endpoints.createSshKey, { body: { ssh_key: publicKey.trim() } })
    const [made] = keyOf(key)
    return made ?? { id: String(key.id), name: null, publicKey, fingerprint: null }
  }, oneByOne.withPermits(1))

  /** A machine that moved between two pages comes twice on the wire: to count it as two would end one as a double. */
  const freshList = allPages<wire.Instance>({
    ...{ provider: "vast", cloud: "Vast", operation: "listInstances", part: "machines" },
    page: (token) =>
      Effect.gen(function* () {
        const query = { limit: 25, ...(token !== undefined && { after_token: token }) }
        const { instances, next_token, total_instances } = yield* call(endpoints.listInstances, { query })
        const at = { part: "instances", operation: "listInstances" }
        const { rows, problems } = yield* caller.rows(wire.Instance, instances ?? [], at)
        return {
          rows: rows.map((row) => [row.id, row] as const),
          problems,
          next: next_token || undefined,
          announces: (shown) => (total_instances ?? 0) > shown
        }
      })
  })

  /** One read for both kinds. It may have begun before what was just done: it must not tell that something is absent. */
  const list = joined(freshList)

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

  return { me, keys, keysIn, addKey, list, freshList, balance }
}

/** What {@link account} makes. */
export type Account = ReturnType<typeof account>
