import { expect, test } from "vitest"
import { countryNamed, placed } from "./location.ts"

test.each([
  ["United States", "US"],
  ["USA", "US"],
  ["us", "US"],
  ["United Kingdom", "GB"],
  ["UK", "GB"],
  ["Germany", "DE"],
  ["South Korea", "KR"],
  ["Norway", "NO"],
  ["Iceland", "IS"],
  ["Czechia", "CZ"],
  ["czech republic", "CZ"],
  ["  Japan ", "JP"],
  ["Taiwan", "TW"],
  ["California", null],
  ["Atlantis", null],
  ["AT", "AT"],
  ["ZZ", null],
  ["SU", null],
  ["", null]
])("%s is %s", (name, code) => {
  expect(countryNamed(name)).toBe(code)
})

test("a code that no document lists has no country, and stays", () => {
  const countries = { "de-1": "DE" }
  expect(placed(countries, "de-1", "Frankfurt")).toEqual({ country: "DE", region: "de-1", native: "Frankfurt" })
  expect(placed(countries, "xx-9")).toEqual({ country: null, region: "xx-9", native: "xx-9" })
  expect(placed(countries, "constructor")).toEqual({ country: null, region: "constructor", native: "constructor" })
  expect(placed(countries, null)).toEqual({ country: null, region: null, native: null })
})
