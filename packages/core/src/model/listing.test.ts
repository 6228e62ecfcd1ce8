import * as DateTime from "effect/DateTime"
import { expect, test } from "vitest"
import { Network } from "../errors.ts"
import { Listing, type Problem } from "./listing.ts"

const at = (millis: number) => DateTime.makeUnsafe(millis)
const problem: Problem = {
  provider: "vast",
  part: "page 2",
  error: new Network({ message: "reset", retry: "temporary", sent: "maybe" })
}
const whole = new Listing({ items: [1, 2], complete: true, observedAt: at(20), problems: [] })
const broken = new Listing({ items: [3], complete: false, observedAt: at(10), problems: [problem] })

test("a listing is iterated directly", () => {
  expect([...whole]).toEqual([1, 2])
})

test("other items keep completeness, time and problems", () => {
  expect(broken.with(["a", "b"])).toEqual(
    new Listing({ items: ["a", "b"], complete: false, observedAt: at(10), problems: [problem] })
  )
})

test("merged: all items, complete only when all are, as old as the oldest, with every problem", () => {
  expect(Listing.merge([whole, broken], at(30))).toEqual(
    new Listing({ items: [1, 2, 3], complete: false, observedAt: at(10), problems: [problem] })
  )
  expect(Listing.merge([whole, whole], at(30)).complete).toBe(true)
})

test("nothing merged is complete, empty and as of now", () => {
  expect(Listing.merge([], at(30))).toEqual(
    new Listing({ items: [], complete: true, observedAt: at(30), problems: [] })
  )
})
