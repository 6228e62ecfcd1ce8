import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { expect, test } from "vitest"
import { joined } from "./joined.ts"

const slow = () => {
  let started = 0
  let release = () => {}
  const gate = new Promise<void>((open) => {
    release = open
  })
  const read = Effect.promise(async () => {
    started++
    await gate
    return started
  })
  return { read: joined(read), release: () => release(), started: () => started }
}

test("who asks while a read is under way gets its answer; who asks later gets a new one", async () => {
  const { read, release, started } = slow()
  const both = Effect.runPromise(Effect.all([read, read, read], { concurrency: "unbounded" }))
  release()
  expect(await both).toEqual([1, 1, 1])
  expect(await Effect.runPromise(read)).toBe(2)
  expect(started()).toBe(2)
})

test("who stops waiting does not stop the read for the others", async () => {
  const { read, release } = slow()
  const first = Effect.runFork(read)
  const second = Effect.runPromise(read)
  await Effect.runPromise(Fiber.interrupt(first))
  release()
  expect(await second).toBe(1)
})

test("a read that fails fails for all of them, and is tried again by the next", async () => {
  let tries = 0
  const read = joined(Effect.suspend(() => (++tries === 1 ? Effect.fail("down") : Effect.succeed("up"))))
  const [a, b] = await Effect.runPromise(
    Effect.all([Effect.flip(read), Effect.flip(read)], { concurrency: "unbounded" })
  )
  expect([a, b]).toEqual(["down", "down"])
  expect(await Effect.runPromise(read)).toBe("up")
})
