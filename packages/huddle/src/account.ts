import { BadResponse, InvalidRequest, Listing, money, scaleMoney } from "@anygpu/core"
import type { Caller } from "@anygpu/core/adapter"
import { sha256 } from "@noble/hashes/sha2.js"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { endpoints } from "./endpoints.ts"
import { keyOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** A fingerprint without what two spellings of it may differ in. */
const bare = (fingerprint: string | null | undefined): string | undefined =>
  fingerprint
    ?.trim()
    .replace(/^SHA256:/i, "")
    .replace(/={1,3}$/, "")

/** `SHA256:` and the hash of the key's body, as ssh-keygen prints it and Huddle01 lists it. */
const fingerprintOf = (publicKey: string): Effect.Effect<string, InvalidRequest> =>
  Effect.try({
    try: () => {
      const body = atob(publicKey.trim().split(/\s+/)[1] ?? "")
      const hash = sha256(Uint8Array.from(body, (byte) => byte.charCodeAt(0)))
      return `SHA256:${bare(btoa(String.fromCharCode(...hash)))}`
    },
    catch: () => InvalidRequest.of("publicKey", "is no key: the part after the algorithm is not base64")
  })

/** The name of a key that was given none: its comment, else the beginning of its fingerprint. */
const nameFor = (publicKey: string, fingerprint: string): string =>
  publicKey.trim().split(/\s+/).slice(2).join(" ") || `anygpu-${fingerprint.slice(7, 15)}`

/** The number that a field holds; null when it holds none. */
const numberIn = (value: number | string | null | undefined): number | null => {
  const number = Number(String(value ?? "").trim() || Number.NaN)
  return Number.isFinite(number) ? number : null
}

/** What an account holds besides machines and disks: keys and credit. */
export const account = (caller: Caller) => {
  const { call } = caller

  /** Every key, each by itself. */
  const keys = Effect.gen(function* () {
    const observedAt = yield* DateTime.now
    const raw = yield* call(endpoints.listSshKeys)
    const { rows, problems } = yield* caller.rows(wire.Key, raw, { part: "keys", operation: "listSshKeys" })
    return Listing.read({ items: rows.map(keyOf), observedAt, problems })
  })

  const oneByOne = Semaphore.makeUnsafe(1)

  /**
   * Finds a key by its fingerprint, and registers it only when it is not there: what a duplicate does is not documented.
   * One at a time, so that two launches with one key do not both miss it.
   */
  const addKey = Effect.fnUntraced(function* (publicKey: string, name?: string) {
    const fingerprint = yield* fingerprintOf(publicKey)
    const same = (yield* keys).items.find((key) => bare(key.fingerprint) === bare(fingerprint))
    if (same) return same
    const body = { name: name?.trim() || nameFor(publicKey, fingerprint), public_key: publicKey.trim() }
    return keyOf(yield* call(endpoints.createSshKey, { body }))
  }, oneByOne.withPermits(1))

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

  return { keys, addKey, balance }
}

/** What {@link account} makes. */
export type Account = ReturnType<typeof account>
