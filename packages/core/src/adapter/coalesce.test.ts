import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { expect, test } from "vitest"
import { CurrentPriority } from "../context/priority.ts"
import { coalesce, FreshRead } from "./coalesce.ts"

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
  return { read: coalesce(read), release: () => release(), started: () => started }
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
  const read = coalesce(Effect.suspend(() => (++tries === 1 ? Effect.fail("down") : Effect.succeed("up"))))
  const [a, b] = await Effect.runPromise(
    Effect.all([Effect.flip(read), Effect.flip(read)], { concurrency: "unbounded" })
  )
  expect([a, b]).toEqual(["down", "down"])
  expect(await Effect.runPromise(read)).toBe("up")
})

/** A read that never ends by itself, and what became of it. */
const silent = () => {
  const log: string[] = []
  const read = Effect.gen(function* () {
    log.push(`begun ${yield* CurrentPriority}`)
    return yield* Effect.never
  }).pipe(Effect.onInterrupt(() => Effect.sync(() => log.push("stopped"))))
  return { read: coalesce(read), log }
}

/** Lets all fibers go on until none of them can: by turns of the event loop, of which a busy computer has as many. */
const pause = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

test("the read is stopped when the last one stops waiting, and not before", async () => {
  const { read, log } = silent()
  const [first, second] = [Effect.runFork(read), Effect.runFork(read)]
  await pause()
  await Effect.runPromise(Fiber.interrupt(first))
  expect(log).toEqual(["begun normal"])
  await Effect.runPromise(Fiber.interrupt(second))
  expect(log).toEqual(["begun normal", "stopped"])
})

test("who asks after all others stopped waiting gets a read of their own", async () => {
  const { read, log } = silent()
  for (let asker = 0; asker < 2; asker++) {
    const waiting = Effect.runFork(read)
    await pause()
    await Effect.runPromise(Fiber.interrupt(waiting))
  }
  expect(log).toEqual(["begun normal", "stopped", "begun normal", "stopped"])
})

test("a read whose askers are interrupted at once is never left running", async () => {
  const { read, log } = silent()
  const askers = Array.from({ length: 3 }, () => Effect.runFork(read))
  for (const asker of askers) asker.interruptUnsafe()
  await pause()
  expect(log.filter((line) => line === "stopped").length).toBe(log.filter((line) => line !== "stopped").length)
})

test("who is in a hurry does not wait for a read that is not, and everybody joins one that is", async () => {
  const { read, log } = silent()
  const urgent = Effect.provideService(read, CurrentPriority, "urgent")
  const askers = [Effect.runFork(read)]
  await pause()
  askers.push(Effect.runFork(urgent), Effect.runFork(urgent))
  await pause()
  expect(log).toEqual(["begun normal", "begun urgent"])
  await Effect.runPromise(Fiber.interruptAll(askers.splice(0, 1)))
  expect(log).toEqual(["begun normal", "begun urgent", "stopped"])
  askers.push(Effect.runFork(read))
  await pause()
  expect(log).toEqual(["begun normal", "begun urgent", "stopped"])
  await Effect.runPromise(Fiber.interruptAll(askers))
})

test("a read that ends at once is not given to those who ask later", async () => {
  let reads = 0
  const read = coalesce(Effect.sync(() => ++reads))
  expect([await Effect.runPromise(read), await Effect.runPromise(read)]).toEqual([1, 2])
})

test("a caller that needs a fresh read joins none that has begun, and many such callers share the next one", async () => {
  const gates: Array<() => void> = []
  let started = 0
  const read = coalesce(
    Effect.promise(async () => {
      const mine = ++started
      await new Promise<void>((open) => gates.push(open))
      return mine
    })
  )
  const fresh = Effect.provideService(read, FreshRead, true)
  const normal = Effect.runPromise(read)
  await pause()
  const first = Effect.runPromise(fresh)
  await pause()
  const others = [1, 2, 3].map(() => Effect.runPromise(fresh))
  await pause()
  expect(started).toBe(2)
  for (let open = gates.shift(); open || started < 3; open = gates.shift()) {
    open?.()
    await pause()
  }
  for (const open of gates) open()
  expect(await normal).toBe(1)
  expect(await first).toBe(2)
  expect(await Promise.all(others)).toEqual([3, 3, 3])
})
