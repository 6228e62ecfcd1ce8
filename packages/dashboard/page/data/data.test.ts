import { describe, expect, test } from "vitest"
import { csvOf } from "./csv.ts"
import { compareInput, jobOf } from "./job.ts"
import { stepsOf } from "./spans.ts"

test("CSV keeps commas, quotes and lines within their cells, and no cell is a formula", () => {
  expect(
    csvOf([
      ["a,b", 'say "hi"', "two\nlines"],
      ["=1+1", "-5", "@x"]
    ])
  ).toBe('"a,b","say ""hi""","two\nlines"\r\n\'=1+1,-5,\'@x\r\n')
})

describe("the job of an address", () => {
  test("is that of a first look where the address says nothing, and what was emptied stays empty", () => {
    expect(compareInput(jobOf(new URLSearchParams()), 500)).toEqual({
      ...{ count: 1, minVram: "24GB", disk: "40GB", for: "3h", limit: 500 }
    })
    expect(compareInput(jobOf(new URLSearchParams("gpu=h100&count=&disk=&interruptible=both")), 0)).toEqual({
      ...{ gpu: "h100", minVram: "24GB", for: "3h", anyInterruptible: true, limit: 0 }
    })
  })
})

test("the steps of a span are days of UTC without a gap, of which the last goes on until now", () => {
  const now = Date.UTC(2026, 10, 30, 14, 20)
  const week = stepsOf("7d", now)
  expect(week.map(({ from }) => from.slice(0, 10))).toEqual([24, 25, 26, 27, 28, 29, 30].map((day) => `2026-11-${day}`))
  expect(week.at(-1)).toEqual({ from: "2026-11-30T00:00:00Z" })
  for (const [index, { to }] of week.slice(0, -1).entries()) expect(to).toBe(week[index + 1]?.from)
  expect(stepsOf("90d", now).length).toBe(13)
})
