import * as Result from "effect/Result"
import { describe, expect, test } from "vitest"
import { imageNamed, noImageNamed } from "./image-name.ts"

const images = [
  { id: "a-1", name: "Ubuntu 24.04 (LTS) x64" },
  { id: "a-2", name: "Ubuntu 22.04" },
  { id: "a-3", name: "Ubuntu 22.04 + CUDA" },
  { id: "a-4", name: "Debian 12" },
  { id: "a-5", name: "debian-12" }
]

const idOf = (text: string) => Result.getOrThrow(Result.map(imageNamed(images, text), (image) => image?.id ?? null))

describe("an image", () => {
  test.each([
    ["a-2", "a-2"],
    ["A-2", "a-2"],
    ["ubuntu 22.04", "a-2"],
    ["Ubuntu-22.04", "a-2"],
    ["UBUNTU 24.04", "a-1"],
    ["ubuntu 24.04 lts x64", "a-1"],
    ["Ubuntu 24", null],
    ["Arch", null],
    ["Debian", null],
    [" ", null]
  ])("is named by %j: %j", (text, id) => expect(idOf(text)).toBe(id))

  test.each([["Debian 12"], ["DEBIAN-12"]])("is not picked among several: %s", (text) => {
    expect(() => idOf(text)).toThrow(/names several images: give the id of one: "Debian.*\(a-/)
  })

  test("that is unknown gives an error with similar names", () => {
    expect(noImageNamed(images, "Ubunto 22.04").message).toMatch(
      /unknown image "Ubunto 22.04"; expected "Ubuntu 22.04" \(a-2\)/
    )
    expect(noImageNamed(images, "Plan9").message).toMatch(/"Debian 12" \(a-4\)/)
    expect(noImageNamed([], "x").message).toMatch(/this cloud has no images/)
  })
})
