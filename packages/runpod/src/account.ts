import { Listing, money, type SshKey, sshKeyIdentity } from "@anygpu/core"
import { type Caller, keyFingerprint, keyRegistry } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { endpoints } from "./endpoints.ts"
import { question } from "./wire.ts"

/** What follows the key in its line. */
const commentOf = (line: string): string | null => line.trim().split(/\s+/).slice(2).join(" ") || null

/** Runpod gives keys no ids: their fingerprints are theirs. A line that is no key is known by its text. */
const keyOf = Effect.fnUntraced(function* (line: string) {
  const fingerprint = yield* Effect.orElseSucceed(keyFingerprint(line), () => null)
  const key: SshKey = { id: fingerprint ?? line.trim(), name: commentOf(line), publicKey: line.trim(), fingerprint }
  return key
})

/** What an account holds besides pods: keys and credit. */
export const account = (caller: Caller) => {
  const { call } = caller
  /** Runpod takes the whole list of keys: two changes at once would lose one of them. */
  const alone = Semaphore.makeUnsafe(1).withPermits(1)

  const keys = Effect.gen(function* () {
    const observedAt = yield* DateTime.now
    const { keys: lines } = yield* call(endpoints.getSshKeys)
    return Listing.read({ items: yield* Effect.forEach(lines, keyOf), observedAt, problems: [] })
  })

  /** Reads all keys and writes them as they shall be; nothing is sent where they are so already. */
  const rewrite = (change: (lines: ReadonlyArray<string>, keyed: ReadonlyArray<SshKey>) => ReadonlyArray<string>) =>
    alone(
      Effect.gen(function* () {
        const { keys: lines } = yield* call(endpoints.getSshKeys)
        const wanted = change(lines, yield* Effect.forEach(lines, keyOf))
        if (wanted.length !== lines.length) yield* call(endpoints.updateSshKeys, { body: { keys: [...wanted] } })
      })
    )

  const registry = keyRegistry({
    by: "text",
    keys,
    register: (publicKey, name) => {
      const line = `${sshKeyIdentity(publicKey)} ${name.replace(/\s+/g, "-")}`
      return Effect.andThen(
        rewrite((lines) => [...lines, line]),
        keyOf(line)
      )
    }
  })

  const removeSshKey = (id: string) => rewrite((lines, keyed) => lines.filter((_, index) => keyed[index]?.id !== id))

  const myself = Effect.map(call(endpoints.myself, { body: { query: question } }), ({ data }) => data.myself)

  /** A debt is nothing to spend. */
  const balance = Effect.map(myself, ({ clientBalance }) => money(Math.max(0, clientBalance)))

  return { keys, registry, removeSshKey, balance }
}
