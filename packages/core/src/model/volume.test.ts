import { expect, test } from "vitest"
import { cannotHave, existing } from "./volume.ts"

const at = (region: string | null) => ({ provider: "acme", location: { country: null, region, native: null } })
const volume = existing({ id: "v1", ...at("eu-1") }, "/data")

test("a volume as a launch takes it", () => {
  expect(volume).toEqual({ provider: "acme", id: "v1", region: "eu-1", path: "/data" })
  expect(existing({ id: "v1", ...at(null) })).toEqual({ provider: "acme", id: "v1", region: null })
})

test.each([
  ["the same place", volume, at("eu-1"), null],
  ["the same place in other letters", volume, at("EU-1"), null],
  ["another place", volume, at("us-1"), "stands in eu-1, and the offer in us-1: take an offer in eu-1"],
  ["an offer without a place", volume, at(null), null],
  ["a volume without a place", { ...volume, region: null }, at("us-1"), null],
  ["another cloud", volume, { ...at("eu-1"), provider: "other" }, "is a volume of acme, and the offer is one of other"]
])("%s", (_, given, offer, problem) => {
  expect(cannotHave(given, offer)).toBe(problem)
})
