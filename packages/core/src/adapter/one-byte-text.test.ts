import fc from "fast-check"
import { expect, test } from "vitest"
import { oneByteText } from "./one-byte-text.ts"

const ascii = fc.string({ unit: "binary-ascii", maxLength: 200 })
const latin = fc.string({
  unit: fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 3
})

test("text of one-byte characters is read as UTF-8", () => {
  const text = fc.array(fc.tuple(ascii, latin)).map((parts) => `${parts.flat().join("")}${" ".repeat(20_000)}`)
  fc.assert(
    fc.property(text, (expected) => {
      expect(oneByteText(Buffer.from(expected))).toBe(expected)
    })
  )
  const last = `${" ".repeat(2000)}®é`
  expect(oneByteText(Buffer.from(last))).toBe(last)
})

test("other text, and what is no text, is left to others, untouched", () => {
  const other = fc.oneof(
    fc.string({
      unit: fc.integer({ min: 0x100, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
      minLength: 1
    }),
    fc.constantFrom("\ufeff", "😀", "é".repeat(200))
  )
  const bytes = fc.oneof(
    other.map((text) => Buffer.from(text)),
    fc.constantFrom([0x80], [0xc2], [0xc3, 0x41], [0xc0, 0x80], [0xc1, 0xbf], [0xe2, 0x82], [0xff]).map(Buffer.from)
  )
  fc.assert(
    fc.property(ascii, bytes, (before, strange) => {
      const given = Buffer.concat([Buffer.from(before), strange])
      const copy = Buffer.from(given)
      expect(oneByteText(given)).toBeUndefined()
      expect(given.equals(copy)).toBe(true)
    })
  )
})

test("any bytes are read as UTF-8, or not at all", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const expected = Buffer.from(bytes).toString("utf8")
      expect(oneByteText(Buffer.from(bytes)) ?? expected).toBe(expected)
    })
  )
})
