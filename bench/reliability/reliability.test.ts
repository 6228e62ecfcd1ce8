import { expect, it } from "vitest"
import { anygpu } from "./ours.ts"
import { add, emptySum, failureText, strikesIn, tableOf } from "./report.ts"
import { runOne } from "./run.ts"

const runs = 120

/** What has to go wrong in them, each at least once. */
const everything = [
  "a gateway's 404",
  "a retired route's 410",
  "answers lost, cut, late or refused",
  "boots that fail",
  "creates that arrive minutes late",
  "creates that find the offer taken",
  "ends claimed and not done",
  "hosts that go offline",
  "ledger writes that failed",
  "lists out of date",
  "machines denied while they live",
  "machines ended by others",
  "machines that break",
  "outages",
  "processes frozen",
  "processes killed",
  "wall clocks set back",
  "wall clocks set forward"
]

it(`loses, doubles and leaks nothing in ${runs} runs with lies, kills, freezes, broken ledgers and wrong clocks`, {
  timeout: 600_000
}, async () => {
  const sum = emptySum("anygpu")
  for (let seed = 1; seed <= runs; seed++) {
    const outcome = await runOne(seed, anygpu())
    add(sum, outcome)
    if (outcome.violations.length > 0) expect.fail(failureText("anygpu", outcome))
  }
  console.log(tableOf([sum]))
  expect(sum).toMatchObject({ runs, bad: 0, unaccounted: 0, wrongEnds: 0, twice: 0, exceeded: 0, leaked: 0, micros: 0 })
  // Nothing is proven where nothing went wrong, and nothing was looked at.
  expect(sum.claims).toBeGreaterThan(runs)
  expect(sum.estimated).toBeGreaterThan(runs / 2)
  expect(strikesIn([sum])).toEqual(everything)
})

it("goes the same way every time", async () => {
  for (const seed of [2, 3, 20, 125]) {
    const [first, second] = [await runOne(seed, anygpu()), await runOne(seed, anygpu())]
    expect(second.story()).toBe(first.story())
  }
})
