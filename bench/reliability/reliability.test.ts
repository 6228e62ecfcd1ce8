import { expect, it } from "vitest"
import { anygpu } from "./ours.ts"
import { add, emptySum, tableOf, tellFailure } from "./report.ts"
import { runOne } from "./run.ts"
import { weatherOf } from "./weather.test-support.ts"

const runs = 300

it(`pays in ${runs} runs with faults and kills for the machines that were asked for, and for nothing else`, {
  timeout: 600_000
}, async () => {
  const sum = emptySum("anygpu")
  for (let seed = 1; seed <= runs; seed++) {
    const outcome = await runOne(seed, anygpu(), weatherOf)
    add(sum, outcome)
    if (outcome.violations.length > 0) expect.fail(tellFailure("anygpu", outcome))
  }
  console.log(tableOf([sum]))
  expect(sum).toMatchObject({ runs, bad: 0, leaked: 0, micros: 0, wrong: 0 })
  // Nothing is proven where nothing went wrong, and nothing was looked at.
  expect(sum.strikes["processes killed"]).toBeGreaterThan(runs / 2)
  expect(sum.claims).toBeGreaterThan(runs)
  expect(sum.estimated).toBeGreaterThan(runs / 2)
})

it("goes the same way every time", async () => {
  for (const seed of [2, 3, 20, 125]) {
    const [first, second] = [await runOne(seed, anygpu()), await runOne(seed, anygpu())]
    expect(second.story()).toBe(first.story())
  }
})
