import { Listing, money, type Problem, sshKeyIdentity } from "@anygpu/core"
import { type Caller, joined } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { keyOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** What the two kinds of one account share: keys, one list, one balance. */
export const account = (caller: Caller) => {
  const { call } = caller

  const keys = call(endpoints.listSshKeys).pipe(
    Effect.catchTag("NotFound", () => Effect.succeed([])),
    Effect.map((rows) => rows.flatMap(keyOf))
  )

  /** Finds a key by what it is, and registers it only when it is not there: duplicates are not documented. */
  const addKey = Effect.fnUntraced(function* (publicKey: string) {
    const same = (yield* keys).find(
      (key) => key.publicKey !== null && sshKeyIdentity(key.publicKey) === sshKeyIdentity(publicKey)
    )
    if (same) return same
    const { key } = yield* call(endpoints.createSshKey, { body: { ssh_key: publicKey.trim() } })
    const [made] = keyOf(key)
    return made ?? { id: String(key.id), name: null, publicKey, fingerprint: null }
  })

  /** Every machine, page by page; a page that fails ends the list and is said. */
  const list = joined(
    Effect.gen(function* () {
      const items: wire.Instance[] = []
      const problems: Problem[] = []
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
        items.push(...rows)
        problems.push(...bad)
        const next = answer.success.next_token || undefined
        if (next === undefined || next === token) break
        token = next
      }
      return new Listing({ items, complete: problems.length === 0, observedAt: yield* DateTime.now, problems })
    })
  )

  const balance = call(endpoints.currentUser).pipe(
    Effect.map(({ credit, balance }) => money(Math.max(0, credit ?? balance ?? 0)))
  )

  return { keys, addKey, list, balance }
}

/** What {@link account} makes. */
export type Account = ReturnType<typeof account>
