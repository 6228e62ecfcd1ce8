import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { sayingsIn, wordsOf } from "./said.ts"

const answered = (json: unknown, text = JSON.stringify(json), headers = {}) => ({ json, text, headers })

describe("the words of an answer, however deep they lie", () => {
  test.each([
    [{ error: "denied", msg: "not yours" }, "not yours [denied]"],
    [{ code: "NOT_FOUND", error: "no such deployment" }, "no such deployment [NOT_FOUND]"],
    [{ error: { code: "E1", message: "not yours" } }, "not yours [E1]"],
    [{ error: { code: "E1" } }, "E1"],
    [{ message: "", error: { message: "deeper" } }, "deeper"],
    [{ message: "upper", error: { code: "E1", message: "deeper" } }, "upper [E1]"],
    [{ errors: [{ message: "first" }, { message: "second" }] }, "first"],
    [{ errors: ["plain"] }, "plain"],
    [{ detail: [{ loc: ["a"], msg: "wrong value", input: "what was sent" }] }, "wrong value"],
    [{ detail: { error: { reason: "deep" } } }, "deep"],
    [{ title: "Forbidden", type: "about:blank" }, "Forbidden [about:blank]"],
    [{ error: "insufficient_credit", msg: "insufficient_credit: add some" }, "insufficient_credit: add some"],
    [{ data: { message: "not an error" } }, ""],
    [{ message: 7, error: null }, ""],
    ["gone", "gone"],
    [["gone"], "gone"],
    [null, ""]
  ])("%j", (json, words) => expect(wordsOf(answered(json))).toBe(words))

  test("a plain text is its own words, a web page has none", () => {
    expect(wordsOf(answered(undefined, " too often \n"))).toBe("too often")
    expect(wordsOf(answered(undefined, "<html>no</html>"))).toBe("")
    expect(wordsOf(answered(undefined, "no", { "content-type": "text/html" }))).toBe("")
  })

  test("long ones are cut", () => expect(wordsOf(answered({ error: { message: "x".repeat(9000) } }))).toHaveLength(301))

  test("names the fields that a text lies under", () => {
    expect(sayingsIn(answered({ error: { code: "E1", message: "m" }, msg: "n" }))).toEqual([
      { under: ["msg"], text: "n" },
      { under: ["error", "message"], text: "m" },
      { under: ["error", "code"], text: "E1" }
    ])
  })
})

test("no answer is too odd", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (json) => {
      expect(wordsOf(answered(json)).length).toBeLessThan(700)
    })
  )
})
