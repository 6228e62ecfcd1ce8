import { BadResponse, Listing, money, type Problem, ProviderFault } from "@anygpu/core"
import { type Caller, joined, makeAccount } from "@anygpu/core/adapter"
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

  const keys = call(endpoints.listSshKeys).pipe(
    Effect.catchTag("NotFound", () => Effect.succeed([])),
    Effect.map((rows) => rows.flatMap(keyOf))
  )

  const oneByOne = Semaphore.makeUnsafe(1)

  /**
   * Finds a key by what it is, and registers it only when it is not there: duplicates are not documented. One at a time,
   * so that two launches with one key do not both miss it.
   */
  const addKey = Effect.fnUntraced(function* (publicKey: string) {
    const same = keyLike(yield* keys, publicKey)
    if (same) return same
    const { key } = yield* call(endpoints.createSshKey, { body: { ssh_key: publicKey.trim() } })
    const [made] = keyOf(key)
    return made ?? { id: String(key.id), name: null, publicKey, fingerprint: null }
  }, oneByOne.withPermits(1))

  /**
   * Every machine once, page by page; a page that fails ends the list and is said. A machine that moved between two
   * pages while they were read comes twice on the wire: to count it as two would end one of them as a double.
   */
  const freshList = Effect.gen(function* () {
    const observedAt = yield* DateTime.now
    const items = new Map<number, wire.Instance>()
    const problems: Problem[] = []
    const tokens = new Set<string>()
    let token: string | undefined
    for (let page = 1; ; page++) {
      const query = { limit: 25, ...(token !== undefined && { after_token: token }) }
      const answer = yield* Effect.result(call(endpoints.listInstances, { query }))
      if (answer._tag === "Failure") {
        if (page === 1) return yield* Effect.fail(answer.failure)
        problems.push({ provider: "vast", part: `page ${page} of the machines`, error: answer.failure })
        break
      }
      const at = { part: "instances", operation: "listInstances" }
      const { rows, problems: bad } = yield* caller.rows(wire.Instance, answer.success.instances ?? [], at)
      for (const row of rows) items.set(row.id, row)
      problems.push(...bad)
      const next = answer.success.next_token || undefined
      const total = answer.success.total_instances ?? 0
      if (next === undefined && total > items.size + problems.length) {
        const message = `Vast counts ${total} machines and showed ${items.size}: the rest is unknown`
        const error = new ProviderFault({ message, retry: "temporary", provider: "vast", operation: "listInstances" })
        problems.push({ provider: "vast", part: "the rest of the machines", error })
      }
      if (next === undefined) break
      if (tokens.has(next)) {
        const message = `Vast names page ${page + 1} of the machines by the token of an earlier page: the rest is unknown`
        const error = new ProviderFault({ message, retry: "temporary", provider: "vast", operation: "listInstances" })
        problems.push({ provider: "vast", part: `page ${page + 1} of the machines`, error })
        break
      }
      tokens.add(next)
      token = next
    }
    return new Listing({
      items: [...items.values()],
      complete: problems.length === 0,
      observedAt,
      problems
    })
  })

  /** One read for both kinds. It may have begun before what was just done: it must not tell that something is absent. */
  const list = joined(freshList)

  const balance = call(endpoints.currentUser).pipe(
    Effect.flatMap(({ id, credit, balance }) => {
      if (id != null) me.learn(String(id))
      const available = credit ?? balance
      if (available != null) return Effect.succeed(money(Math.max(0, available)))
      const message = "currentUser: Vast's answer holds neither credit nor balance; look for a newer anygpu"
      return Effect.fail(new BadResponse({ message, retry: "permanent", path: "credit" }))
    })
  )

  return { me, keys, addKey, list, freshList, balance }
}

/** What {@link account} makes. */
export type Account = ReturnType<typeof account>
