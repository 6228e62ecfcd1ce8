import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { freshIn, type LogWindow } from "./log-window.ts"

const windowOf = (log: ReadonlyArray<string>, size: number): LogWindow => {
  const lines = log.slice(Math.max(0, log.length - size))
  return { lines, whole: lines.length < size }
}

/** Logs that repeat themselves much, and bursts of lines between looks. */
const line = fc.constantFrom("a", "a", "b", "c")
const bursts = fc.array(fc.array(line, { maxLength: 12 }), { minLength: 1, maxLength: 12 })

describe("what is new in a window", () => {
  test("is exact while the whole log is seen, whatever lines repeat", () => {
    fc.assert(
      fc.property(bursts, (parts) => {
        const log: string[] = []
        let before = windowOf(log, 1000)
        for (const part of parts) {
          log.push(...part)
          const now = windowOf(log, 1000)
          expect(freshIn(before, now)).toEqual({ lines: part, sure: true })
          before = now
        }
      })
    )
  })

  test("is never wrong and sure, while windows are of any size and fewer lines come than they have", () => {
    let sures = 0
    fc.assert(
      fc.property(
        bursts,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 12, maxLength: 12 }),
        (parts, sizes) => {
          const log: string[] = []
          let before = windowOf(log, sizes[0] ?? 1)
          for (const [index, part] of parts.entries()) {
            log.push(...part)
            const size = sizes[index] ?? 1
            const now = windowOf(log, size)
            const fresh = freshIn(before, now)
            if (part.length < size && fresh.sure) {
              sures += 1
              expect(fresh.lines).toEqual(part)
            }
            before = now
          }
        }
      ),
      { numRuns: 2000 }
    )
    expect(sures).toBeGreaterThan(1000)
  })

  test("is exact for lines that differ, in windows twice as large as what comes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 20 }), (counts) => {
        const log = Array.from({ length: 50 }, (_, index) => `before ${index}`)
        let before = windowOf(log, 20)
        for (const [step, count] of counts.entries()) {
          const part = Array.from({ length: count }, (_, index) => `${step}.${index}`)
          log.push(...part)
          const now = windowOf(log, 20)
          expect(freshIn(before, now)).toEqual({ lines: part, sure: true })
          before = now
        }
      })
    )
  })

  test.each([
    ["more came than the window has", ["a", "b", "c"], ["d", "e", "f"], ["d", "e", "f"]],
    ["a log that repeats itself", ["a", "a", "a"], ["a", "a", "a"], []],
    ["a few equal lines", ["a", "b", "c", "d", "e"], ["e", "f", "g", "h", "i"], ["f", "g", "h", "i"]],
    ["a log that started again", ["a", "b", "c"], ["x"], ["x"]],
    ["an empty one", ["a", "b", "c"], [], []]
  ])("is not sure for %s", (_, old, next, lines) => {
    expect(freshIn({ lines: old, whole: false }, { lines: next, whole: false })).toEqual({ lines, sure: false })
  })

  test("knows the beginning of a log that was whole", () => {
    const next = { lines: ["beat", "beat"], whole: false }
    expect(freshIn({ lines: ["beat"], whole: true }, next)).toEqual({ lines: ["beat"], sure: true })
    expect(freshIn({ lines: ["beat"], whole: false }, next)).toEqual({ lines: [], sure: false })
  })
})
