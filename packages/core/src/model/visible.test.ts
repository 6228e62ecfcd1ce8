import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { visible, visibleJson } from "./visible.ts"

/** Everything that a terminal does not simply show. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const marks = [
  "\u001b[31m",
  "\u009b2J",
  "\u001b]0;x\u0007",
  "\r",
  "\n",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u{e0041}",
  "\ud800",
  "\u061c"
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...marks), fc.string({ unit: "binary" })))
  .map((parts) => parts.join(""))

describe("a text of a cloud", () => {
  test.each([
    ["a\u001b[31mred", "a\\x1b[31mred"],
    ["\u009b2J\u0007\u007f", "\\x9b2J\\x07\\x7f"],
    ["one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"],
    ["\u202eevil\u200b\u2028", "\\u202eevil\\u200b\\u2028"],
    ["\u{e0041}\ud800!", "\\u{e0041}\\ud800!"],
    ["RTX 4090 — naïve 日本 \\ 🔑", "RTX 4090 — naïve 日本 \\ 🔑"]
  ])("%j is shown as %s", (given, shown) => {
    expect(visible(given)).toBe(shown)
  })

  test("shows nothing unseen, and is the same when it holds nothing such", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text)).not.toMatch(unseen)
        if (!unseen.test(text)) expect(visible(text)).toBe(text)
      })
    )
  })

  test("is cut where it is longer than a cell", () => {
    expect(visible("abcdef", 4)).toBe("abc…")
    expect(visible("abcd", 4)).toBe("abcd")
  })
})

test("JSON means the same, and shows nothing unseen but its line ends", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(hostile), (value, texts) => {
      const json = JSON.stringify({ value, texts }, null, 2)
      expect(visibleJson(json).replaceAll("\n", "")).not.toMatch(unseen)
      expect(JSON.parse(visibleJson(json))).toEqual(JSON.parse(json))
    })
  )
})
