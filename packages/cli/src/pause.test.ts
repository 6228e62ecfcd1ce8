import { setTimeout } from "node:timers/promises"
import { expect, test } from "vitest"
import { sleepReally } from "./pause.ts"

const longest = 2 ** 31 - 1
const days = 86_400_000

test.each([
  [0, [0]],
  [5000, [5000]],
  [longest, [longest]],
  [longest + 5000, [longest, 5000]],
  [90 * days, [longest, longest, longest, 90 * days - 3 * longest]]
])("%d milliseconds are waited for by timers that can", async (millis, expected) => {
  const timers: unknown[] = []
  const { signal } = new AbortController()
  await sleepReally(millis, signal, async (each, value, options) => {
    timers.push(each)
    expect(options).toEqual({ signal })
    return setTimeout(0, value)
  })
  expect(timers).toEqual(expected)
})

test("rejects when it is interrupted", async () => {
  const abort = new AbortController()
  const sleeping = sleepReally(90 * days, abort.signal)
  abort.abort(new Error("enough"))
  await expect(sleeping).rejects.toThrow()
})
