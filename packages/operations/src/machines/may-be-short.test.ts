import { describe, expect, test } from "vitest"
import { shortRef } from "../text/short-ref.ts"
import { mayBeShort } from "./may-be-short.ts"

describe("a ref in short", () => {
  test("has of a UUID the first eight digits", () => {
    expect(shortRef("fluence/vm/3f1c8a52-9a51-4c0e-8d57-1b8e1f0a7c11")).toBe("fluence/vm/3f1c8a52")
    expect(shortRef("vast/container/21001756")).toBe("vast/container/21001756")
  })

  test.each([
    ["the start of a UUID", "fluence", "3f1c8a52", true],
    ["one that has no letters", "fluence", "21001756", true],
    ["one with a place", "fluence", "3f1c8a52@DE", true],
    ["one of a cloud of another package, of which nothing is known", "acme", "21001756", true],
    ["a number of a cloud whose ids are numbers", "vast", "21001756", false],
    ["an id of another length", "fluence", "3f1c8a5", false],
    ["an id with other letters", "huddle", "dep_12345678", false]
  ])("may be %s", (_, provider, id, may) => {
    expect(mayBeShort(provider, id)).toBe(may)
  })
})
