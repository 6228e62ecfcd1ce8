import fc from "fast-check"
import { expect, test } from "vitest"
import { attachMarker, isMarker, markerLength, newMarker, plainName, splitMarker } from "./marker.ts"

test("a marker fits where every cloud allows a name, and no two are alike", () => {
  const markers = Array.from({ length: 1_000 }, newMarker)
  expect(new Set(markers).size).toBe(1_000)
  for (const marker of markers) expect(`-${marker}`).toMatch(/^-ag[0-9a-z]{10}$/)
  expect(`-${newMarker()}`).toHaveLength(markerLength)
})

test("a name comes back without its marker, and is cut between characters to fit", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.integer({ min: 20, max: 128 }), (name, limit) => {
      const marker = newMarker()
      const label = attachMarker(name, marker, limit)
      expect(label.length).toBeLessThanOrEqual(limit)
      expect(label.isWellFormed()).toBe(true)
      const split = splitMarker(label)
      expect(split.marker).toBe(marker)
      expect(name.startsWith(split.name)).toBe(true)
    })
  )
})

test("a plain name is what every cloud allows, and a plain one stays as it is", () => {
  expect(["Träining Run #7", "--a__b--", "日本", "x"].map(plainName)).toEqual(["training-run-7", "a-b", "machine", "x"])
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      const plain = plainName(name)
      expect(plain).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(plainName(plain)).toBe(plain)
    })
  )
})

test("a label that we did not write has no marker", () => {
  for (const label of ["", "train", "train-ag", "train-ag12345", "ag1234567890", "train-AG1234567890"]) {
    expect(splitMarker(label)).toEqual({ name: label, marker: null })
  }
})

test("a marker by itself is told from other texts", () => {
  expect(isMarker(newMarker())).toBe(true)
  for (const text of ["", "ag", "agABCDEFGHIJ", `x-${newMarker()}`, `${newMarker()}x`])
    expect(isMarker(text)).toBe(false)
})
