import fc from "fast-check"
import { expect, test } from "vitest"
import { partsOf, withLines } from "./marked.ts"

const path = "config"

/** Texts of somebody, in which no mark of ours stands. */
const others = fc
  .array(fc.stringMatching(/^[ -~]{0,20}$/).filter((line) => !line.startsWith("# anygpu:")))
  .chain((lines) => fc.constantFrom("\n", "\r\n").map((ending) => lines.map((line) => `${line}${ending}`).join("")))

const ours = fc.array(fc.stringMatching(/^[A-Za-z ]{0,20}$/), { minLength: 1, maxLength: 5 })

test("all that is not ours stays as it is, byte by byte, whatever is put in, replaced and taken out", () => {
  fc.assert(
    fc.property(others, others, ours, ours, (before, after, lines, next) => {
      const marked = `${before}${withLines("", lines, path)}${after}`
      expect(partsOf(marked, path)).toEqual({ before, lines, after })
      const replaced = withLines(marked, next, path)
      expect(partsOf(replaced, path)).toEqual({ before, lines: next, after })
      expect(withLines(replaced, [], path)).toBe(`${before}${after}`)
    })
  )
})

test("what is new comes first, with the line ends of the file", () => {
  expect(withLines("Host a\r\n", ["Include x"], path)).toMatch(
    /^# anygpu: begin.*\r\nInclude x\r\n# anygpu: end\r\nHost a\r\n$/
  )
  expect(withLines("Host a", ["Include x"], path)).toMatch(/# anygpu: end\nHost a$/)
  expect(withLines("Host a", [], path)).toBe("Host a")
})

test.each([
  ["a begin alone", "# anygpu: begin\nInclude x\n"],
  ["an end alone", "Include x\n# anygpu: end\n"],
  ["two pairs", "# anygpu: begin\n# anygpu: end\n# anygpu: begin\n# anygpu: end\n"],
  ["an end before its begin", "# anygpu: end\n# anygpu: begin\n"]
])("refuses %s", (_, text) => {
  expect(() => withLines(text, ["Include x"], path)).toThrow(/config has marks of anygpu that are not one pair/)
})
