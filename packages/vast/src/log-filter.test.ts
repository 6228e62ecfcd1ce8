import fc from "fast-check"
import { expect, test } from "vitest"
import { patternOf } from "./log-filter.ts"

test.each([
  ["step 1: loss=0-5_%~", "step 1: loss=0-5_%~"],
  ["a.b", "a[.]b"],
  ["[x]", "[[]x]"],
  ["5$", "5[$]"],
  ["^top", "\\^top"],
  ["c:\\d", "c:\\\\d"],
  ["(1|2)+?*{3}", "[(]1[|]2[)][+][?][*][{]3[}]"]
])("%s is %s", (text, pattern) => expect(patternOf(text)).toBe(pattern))

test("only the text itself matches", () => {
  const signs = fc.string({ unit: fc.constantFrom(..."ab.*+?$(){}|[]\\^-") })
  fc.assert(
    fc.property(signs, signs, (text, line) => {
      expect(new RegExp(patternOf(text)).test(line)).toBe(line.includes(text))
    })
  )
})
