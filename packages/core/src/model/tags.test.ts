import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { hasTags, ownerIssues, tagIssues, tagTexts } from "./tags.ts"

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,62}$/)
const value = fc.stringMatching(/^[a-zé=] ?[a-zé=]{1,20}$/)

describe("tags", () => {
  test.each([
    [{ "": "x" }, "is no name of a tag"],
    [{ "-a": "x" }, "is no name of a tag"],
    [{ "a b": "x" }, "is no name of a tag"],
    [{ ["a".repeat(64)]: "x" }, "is no name of a tag"],
    [{ team: "" }, "must be 1 to 128 characters"],
    [{ team: " x" }, "must be 1 to 128 characters"],
    [{ team: "a,b" }, "must be 1 to 128 characters"],
    [{ team: "a\u001bb" }, "must be 1 to 128 characters"],
    [{ team: "x".repeat(129) }, "must be 1 to 128 characters"],
    [{ team: 7 as unknown as string }, "must be a text"],
    [Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`t${at}`, "x"])), "has 21: 20 at most"]
  ])("%j is refused", (tags, problem) => {
    expect(tagIssues(tags)).toMatchObject([{ problem: expect.stringContaining(problem) }])
  })

  test("every tag that is written as an option is the one that was meant", () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 20 }), (tags) => {
        expect(tagIssues(tags)).toEqual([])
        const read = Object.fromEntries(
          tagTexts(tags).map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)])
        )
        expect(read).toEqual({ ...tags })
        expect(hasTags({ tags }, tags)).toBe(true)
      })
    )
  })

  test("a machine has all of several tags, or is not meant", () => {
    const machine = { tags: { team: "nlp", stage: "dev" } }
    expect(hasTags(machine, { team: "nlp" })).toBe(true)
    expect(hasTags(machine, { team: "nlp", stage: "prod" })).toBe(false)
    expect(hasTags({}, { team: "nlp" })).toBe(false)
    expect(hasTags(machine, { constructor: "x" })).toBe(false)
  })
})

test("an owner is a text that a column can hold", () => {
  expect(ownerIssues("ann@laptop")).toEqual([])
  expect(ownerIssues(" ")).toHaveLength(1)
})
