import fc from "fast-check"
import { expect, it } from "vitest"
import { base64Of, bytesOf } from "./base64.ts"

it("writes and reads any bytes as Node does", () =>
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = Buffer.from(bytes).toString("base64")
      expect(base64Of(bytes)).toBe(text)
      expect([...bytesOf(text)]).toEqual([...bytes])
      expect([...bytesOf(Buffer.from(bytes).toString("base64url"))]).toEqual([...bytes])
    })
  ))

it("reads text that was cut off as Node does", () =>
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9+/_-]*$/), (text) => {
      expect([...bytesOf(text)]).toEqual([...Buffer.from(text, "base64")])
    })
  ))
