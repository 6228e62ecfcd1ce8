import { InstanceRef, Network } from "anygpu"
import { expect, test } from "vitest"
import { makeKeeper } from "./keeper.ts"

const first = new InstanceRef("vast", "container", "1")
const second = new InstanceRef("vast", "container", "2")

/** A keeper whose cloud ends machines, or refuses, and what it was asked. */
const world = () => {
  const state = { now: 0, ahead: 0, refuses: false, gate: Promise.resolve() }
  const asked: string[] = []
  const warned: string[] = []
  const keeper = makeKeeper(
    async (ref) => {
      asked.push(String(ref))
      await state.gate
      if (state.refuses) throw new Network({ message: "no way there", retry: "temporary", sent: "no" })
    },
    { now: () => state.now + state.ahead, monotonic: () => state.now, warn: (text) => warned.push(text) }
  )
  keeper.keep({ ref: first, until: 100, due: 100 })
  keeper.keep({ ref: second, until: 200, due: 200 })
  return { keeper, state, asked, warned }
}

test("ends each machine when its time is over, and not before", async () => {
  const { keeper, state, asked } = world()
  state.now = 99
  await keeper.endDue()
  expect(asked).toEqual([])
  state.now = 100
  await keeper.endDue()
  expect(asked).toEqual([String(first)])
  expect([keeper.has(first), keeper.has(second)]).toEqual([false, true])
  state.now = 500
  await keeper.endDue()
  expect(asked).toEqual([String(first), String(second)])
  expect(keeper.rented()).toEqual([])
})

test.each([
  ["back", -18_000_000, [99, 100]],
  ["forward", 90, [9, 10]]
])(
  "ends a machine in its time, or earlier, when the wall clock is set %s",
  async (_, ahead, [before = 0, after = 0]) => {
    const { keeper, state, asked } = world()
    Object.assign(state, { now: before, ahead })
    await keeper.endDue()
    expect(asked).toEqual([])
    state.now = after
    await keeper.endDue()
    expect(asked).toEqual([String(first)])
  }
)

test("tries again what could not be ended, and says so", async () => {
  const { keeper, state, asked, warned } = world()
  state.now = 150
  state.refuses = true
  await keeper.endDue()
  expect(warned).toEqual([`${first} should have ended and has not: no way there`])
  expect(keeper.has(first)).toBe(true)
  state.refuses = false
  await keeper.endDue()
  expect(asked).toEqual([String(first), String(first)])
  expect(keeper.has(first)).toBe(false)
})

test("leaves alone what was ended before, and a call under way", async () => {
  const { keeper, state, asked } = world()
  state.now = 500
  keeper.forget(first)
  const { promise, resolve } = Promise.withResolvers<void>()
  state.gate = promise
  const [one, another] = [keeper.endDue(), keeper.endDue()]
  resolve()
  await Promise.all([one, another])
  expect(asked).toEqual([String(second)])
})

test("a machine that is launched twice under one key keeps its first end", () => {
  const { keeper } = world()
  keeper.keep({ ref: first, until: 900, due: 900 })
  expect(keeper.rented()).toContainEqual({ ref: first, until: 100, due: 100 })
})
