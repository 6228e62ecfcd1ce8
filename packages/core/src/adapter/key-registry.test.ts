import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { Listing } from "../model/listing.ts"
import type { SshKey } from "../model/ssh-key.ts"
import { type KeySource, keyFingerprint, keyRegistry } from "./key-registry.ts"

// A published key, whose fingerprint is known.
const body = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
const fingerprint = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
const publicKey = `ssh-ed25519 ${body} me@laptop`

const accountWith = (by: KeySource["by"], known: ReadonlyArray<Partial<SshKey>> = []) => {
  const rows = known.map((key, index) => ({
    id: String(index),
    name: null,
    publicKey: null,
    fingerprint: null,
    ...key
  }))
  const names: string[] = []
  const registry = keyRegistry({
    by,
    keys: Effect.delay(
      Effect.sync(
        () =>
          new Listing<SshKey>({ items: [...rows], complete: true, observedAt: DateTime.makeUnsafe(0), problems: [] })
      ),
      1
    ),
    register: (text, name) =>
      Effect.gen(function* () {
        names.push(name)
        const print = by === "fingerprint" ? yield* keyFingerprint(text) : null
        const key = { id: String(rows.length), name, publicKey: by === "text" ? text : null, fingerprint: print }
        rows.push(key)
        return key
      })
  })
  return { names, add: (key: string, name?: string) => Effect.runPromise(registry.add(key, name)), registry }
}

test("a fingerprint is what ssh-keygen prints", async () => {
  expect(await Effect.runPromise(keyFingerprint(publicKey))).toBe(fingerprint)
})

test.each([
  ["text", { publicKey: `ssh-ed25519 ${body} another comment` }],
  ["fingerprint", { fingerprint: `${fingerprint.slice("SHA256:".length)}=` }]
] as const)("a key that is there by its %s is found, and not registered again", async (by, known) => {
  const { names, add } = accountWith(by, [{}, known])
  expect((await add(publicKey)).id).toBe("1")
  expect(names).toEqual([])
})

test.each(["text", "fingerprint"] as const)("two at once register one key, once, by its %s", async (by) => {
  const { names, registry } = accountWith(by)
  const both = Effect.all([registry.idsOf([publicKey, publicKey]), registry.add(publicKey)], {
    concurrency: "unbounded"
  })
  const [ids, { id }] = await Effect.runPromise(both)
  expect([ids, id, names]).toEqual([["0"], "0", ["me@laptop"]])
})

test("a name is the one given, the comment, or made of the key", async () => {
  const { names, add } = accountWith("fingerprint")
  await add(publicKey, " desk ")
  expect(names).toEqual(["desk"])
  const bare = accountWith("fingerprint")
  await bare.add(`ssh-ed25519 ${body}`)
  expect(bare.names).toEqual(["anygpu-+DiY3wvv"])
  const byText = accountWith("text")
  await byText.add(`ssh-ed25519 ${body}`)
  expect(byText.names).toEqual(["anygpu-l9GKJl".replace("l9GKJl", body.slice(-8))])
})

test("a text that is no key is refused where its fingerprint is needed, and nothing is registered", async () => {
  const { names, registry } = accountWith("fingerprint")
  const error = await Effect.runPromise(Effect.flip(registry.add("ssh-ed25519 ???")))
  expect(error._tag).toBe("InvalidRequest")
  expect(names).toEqual([])
})
