import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { OutOfFunds } from "../errors.ts"
import type { BillingTerms } from "../model/billing.ts"
import { money } from "../model/money.ts"
import type { Offer } from "../model/offer.ts"
import { checkSpec, hourlyCost } from "./validate.ts"

const terms: BillingTerms = {
  compute: { perHour: money(1), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 },
  storage: { perUnitMonth: money("7.2"), unit: "whole GB", minimumUnits: 8, hoursPerMonth: 720, whileStopped: true },
  traffic: null,
  upfront: null,
  accountFloor: null
}
const offer: Offer = {
  id: "1",
  provider: "cloud",
  kind: "vm",
  gpu: null,
  vcpus: null,
  memoryMiB: null,
  diskMiB: 50_000,
  storageMiB: 100_000,
  location: { country: null, region: null, native: null },
  pricePerHour: money("1.1"),
  minimumBid: null,
  terms,
  availability: "available",
  interruptible: false,
  reliability: null,
  observedAt: DateTime.makeUnsafe(0),
  native: null
}
const spec = { offer, name: "test" }
const blind = { ...spec, offer: { ...offer, terms: null } }
const unpriced = { ...spec, offer: { ...offer, pricePerHour: null } }

test("the disk is priced by the terms, and the smallest one that is rented at least", () => {
  expect(hourlyCost(spec)).toEqual(money("1.1"))
  expect(hourlyCost({ ...spec, diskMiB: 1 })).toEqual(money("1.08"))
  expect(hourlyCost({ ...spec, bid: money("0.5") })).toEqual(money("0.6"))
  expect(hourlyCost({ ...spec, bid: money("0.5"), diskMiB: 1 })).toEqual(money("0.58"))
})

test("without terms no other disk has a price, and no bid", () => {
  expect(hourlyCost(blind)).toEqual(money("1.1"))
  expect(hourlyCost({ ...blind, diskMiB: 50_000 })).toEqual(money("1.1"))
  expect(hourlyCost({ ...blind, diskMiB: 50_001 })).toBeNull()
  expect(hourlyCost({ ...blind, bid: money("0.5") })).toBeNull()
})

test("without a price the disk of a bid is known only where it is named", () => {
  expect(hourlyCost(unpriced)).toBeNull()
  expect(hourlyCost({ ...unpriced, bid: money("0.5") })).toBeNull()
  expect(hourlyCost({ ...unpriced, bid: money("0.5"), diskMiB: 1 })).toEqual(money("0.58"))
})

test("new volumes cost by the same rate, each by itself and without the smallest size, where there is a rate", () => {
  const volumes = [1, 954].map((sizeMiB) => ({ name: "data", sizeMiB }))
  // A whole GB for the one, and two for the other, which is a little more than one: $0.01 each.
  expect(hourlyCost({ ...spec, volumes })).toEqual(money("1.13"))
  expect(hourlyCost({ ...blind, volumes })).toEqual(money("1.1"))
  const rules = { provider: "cloud", kind: "vm", launchOptions: ["volumes"], requiredOptions: [] } as const
  const error = Effect.runSync(Effect.flip(checkSpec(rules, { ...spec, volumes, maxPerHour: money("1.12") })))
  expect(error).toMatchObject({ _tag: "OutOfFunds", needed: money("1.13"), ownLimit: true })
})

test("a bid above the limit is refused even where the price is not known and need not be", () => {
  const rules = { provider: "cloud", kind: "vm", launchOptions: ["bid"], requiredOptions: [] } as const
  const bold = { ...blind, bid: money(2), maxPerHour: money(1), allowUnknownPrice: true }
  const error = Effect.runSync(Effect.flip(checkSpec(rules, bold)))
  expect(error).toBeInstanceOf(OutOfFunds)
})
