import fc from "fast-check"
import { expect, test } from "vitest"
import { countryNamed } from "./location.ts"
import { countriesOf, groupNames, placesNamed } from "./places.ts"

const isCountry = (code: string) => code === "XK" || countryNamed(code) === code
/** Codes of ISO 3166 that are reserved for parts of countries, and for another name of one. */
const reserved = ["AC", "CP", "CQ", "DG", "EA", "IC", "TA", "UK"]
const continents = groupNames.filter((name) => !name.startsWith("E") || name === "Europe")

test("every country is on one continent, and all that is on one is a country", () => {
  const all = continents.flatMap((name) => countriesOf(name) ?? [])
  expect(all.filter((code) => !isCountry(code))).toEqual([])
  expect(new Set(all).size).toBe(all.length)
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
  const codes = letters.flatMap((first) => letters.map((second) => first + second)).filter((code) => countryNamed(code))
  expect(codes.filter((code) => !all.includes(code) && !reserved.includes(code))).toEqual([])
})

test("the European Union has 27 members, and the area three more", () => {
  expect([countriesOf("EU")?.length, countriesOf("eea")?.length]).toEqual([27, 30])
  expect(countriesOf("EEA")).toEqual(expect.arrayContaining(["NO", "IS", "LI", "FI"]))
  expect(["GB", "CH"].filter((code) => countriesOf("EU")?.includes(code))).toEqual([])
})

test.each([
  ["fi", ["FI"]],
  ["NA", ["NA"]],
  ["Germany", null],
  ["us-east-1", null]
])("%s is %j", (name, countries) => {
  expect(countriesOf(name)).toEqual(countries)
})

test("a group is found in any case, with any gaps", () => {
  for (const name of ["North America", "north-america", " NORTH_america "]) expect(countriesOf(name)).toContain("US")
})

test("every place is a country, a group or a region, and none is lost", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("US", "EU", "Asia", "us-east-1", "FIN-01", "Texas")), (names) => {
      const { countries, regions } = placesNamed(names)
      expect(regions).toEqual(names.filter((name) => countriesOf(name) === null).map((name) => name.toUpperCase()))
      for (const name of names) expect(countries).toEqual(expect.arrayContaining([...(countriesOf(name) ?? [])]))
    })
  )
})
