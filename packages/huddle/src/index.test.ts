import { InvalidRequest } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { huddle } from "./index.ts"

describe("huddle", () => {
  test.each([[undefined], [null], ["mk_key"], [{}], [{ apiKey: undefined }], [{ apiKey: 5 }], [{ apiKey: " " }]])(
    "of %j is refused as InvalidRequest that says where a key comes from",
    (given) => {
      const plain = huddle as (options: unknown) => unknown
      expect(() => plain(given)).toThrow(InvalidRequest)
      expect(() => plain(given)).toThrow(/apiKey.*GPU key.*Huddle01 console/)
    }
  )

  test("never shows the key that it was given in a wrong form", () => {
    const plain = huddle as (options: unknown) => unknown
    expect(() => plain("mk_5d1f0c9ab7e24680")).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("mk_") })
    )
  })
})
