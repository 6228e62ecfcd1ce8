import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { PermissionDenied, Timeout } from "../errors.ts"
import { accountId, makeAccount } from "./account.ts"

const run = Effect.runPromise

/** An account of a cloud that knows its keys, and how often it was asked. */
const of = (apiKey: string, id: string | PermissionDenied | Timeout) => {
  let asked = 0
  const identify = Effect.suspend(() => {
    asked += 1
    return typeof id === "string" ? Effect.succeed(id) : Effect.fail(id)
  })
  return { account: makeAccount({ provider: "test", apiKey, identify }), asked: () => asked }
}
const without = (apiKey: string) => makeAccount({ provider: "test", apiKey })
const denied = new PermissionDenied({ message: "not with this key", retry: "permanent" })
const late = new Timeout({ message: "no answer", retry: "temporary", after: Duration.seconds(5) })

describe("an account", () => {
  test("has a name without the key in it, and the same key gives the same text", async () => {
    const { account } = of("a-very-secret-key-0123456789", "42")
    expect(account.known()).toMatch(/^keys=[0-9a-f]{12}$/)
    expect(await run(account.asked)).toMatch(/^id=42 keys=[0-9a-f]{12}$/)
    expect(account.known()).toBe(await run(account.asked))
    expect(without("a-very-secret-key-0123456789").known()).toBe(account.known().split(" ")[1])
    expect(makeAccount({ provider: "other", apiKey: "a-very-secret-key-0123456789" }).known()).not.toBe(
      without("a-very-secret-key-0123456789").known()
    )
  })

  test("is asked for once, by all who want it at once too", async () => {
    const { account, asked } = of("k", "42")
    await run(Effect.all([account.asked, account.asked, account.asked], { concurrency: "unbounded" }))
    await run(account.asked)
    expect(asked()).toBe(1)
  })

  test("needs no request for its own key", async () => {
    const { account, asked } = of("k", "42")
    expect(await run(account.kinTo(account.known()))).toEqual({ is: "same" })
    expect(asked()).toBe(0)
  })

  test("is the same under a renewed key where the cloud says so, and another one where it says that", async () => {
    const before = await run(of("old", "42").account.asked)
    expect(await run(of("new", "42").account.kinTo(before))).toEqual({ is: "same" })
    expect(await run(of("new", "43").account.kinTo(before))).toEqual({ is: "other" })
  })

  test("is unsure where the cloud does not say, and gives the reason", async () => {
    const before = await run(of("old", "42").account.asked)
    expect(await run(without("new").kinTo(before))).toMatchObject({ is: "unsure" })
    expect(await run(of("new", "42").account.kinTo(without("old").known()))).toMatchObject({ is: "unsure" })
    expect(await run(of("new", denied).account.kinTo(before))).toEqual({ is: "unsure", because: "not with this key" })
  })

  test("is asked again after a failure that may pass, and not after one for good", async () => {
    const before = await run(of("old", "42").account.asked)
    for (const [error, times] of [
      [late, 2],
      [denied, 1]
    ] as const) {
      const { account, asked } = of("new", error)
      for (const _ of [1, 2]) await run(account.kinTo(before))
      expect(await run(account.asked)).toMatch(/^keys=/)
      expect(asked()).toBe(times + (error === late ? 1 : 0))
    }
  })

  test("takes the cloud's word from another answer, whatever letters it has", async () => {
    const { account, asked } = of("k", "42")
    account.learn("org one=1")
    expect(accountId(await run(account.asked))).toBe("org one=1")
    expect(asked()).toBe(0)
    expect(accountId(without("k").known())).toBeNull()
  })
})
