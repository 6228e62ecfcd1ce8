import { BadResponse, money, scaleMoney } from "@anygpu/core"
import { type Caller, keyRegistry, listRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { keyOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** The number that a field holds; null when it holds none. */
const numberIn = (value: number | string | null | undefined): number | null => {
  const number = Number(String(value ?? "").trim() || Number.NaN)
  return Number.isFinite(number) ? number : null
}

/** What an account holds besides machines and disks: keys and credit. */
export const account = (caller: Caller) => {
  const { call } = caller

  const keys = listRows<wire.Key>(caller, {
    ...{ cloud: "Huddle01", operation: "listSshKeys", part: "keys", schema: wire.Key, keyOf: ({ id }) => id },
    ask: () => Effect.map(call(endpoints.listSshKeys), (rows) => ({ rows }))
  }).pipe(Effect.map((all) => all.with(all.items.map(keyOf))))

  /** What a duplicate does is not documented; its list shows fingerprints alone. */
  const registry = keyRegistry({
    by: "fingerprint",
    keys,
    register: (public_key, name) => Effect.map(call(endpoints.createSshKey, { body: { name, public_key } }), keyOf)
  })

  /** The GPU credit, in cents where Huddle01 gives them; a debt is nothing to spend. */
  const balance = call(endpoints.balance).pipe(
    Effect.flatMap(({ balance_cents, balance_usd }) => {
      const cents = numberIn(balance_cents)
      const usd = numberIn(balance_usd)
      if (cents !== null) return Effect.succeed(scaleMoney(money(Math.max(0, cents)), 1, 100))
      if (usd !== null) return Effect.succeed(money(Math.max(0, usd)))
      const message = "balance: Huddle01's answer holds neither balance_cents nor balance_usd; look for a newer anygpu"
      return Effect.fail(new BadResponse({ message, retry: "permanent", path: "data.balance_cents" }))
    })
  )

  return { keys, registry, balance }
}
