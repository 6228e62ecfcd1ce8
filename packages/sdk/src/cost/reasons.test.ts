import { type BillingTerms, money, type Offer } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { expect, test } from "vitest"
import { costReasons } from "./reasons.ts"

const bySecond: BillingTerms = {
  compute: { perHour: money(3), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 },
  ...{ storage: null, traffic: null, upfront: null, accountFloor: null }
}

const offerOn = (terms: BillingTerms | null): Offer => ({
  ...{ id: "1", provider: "cloud", kind: "vm", gpu: null, vcpus: null, memoryMiB: null, diskMiB: 1, storageMiB: 1 },
  location: { country: null, region: null, native: null },
  ...{ pricePerHour: money(3), minimumBid: null, terms, availability: "available", interruptible: false },
  ...{ reliability: null, observedAt: DateTime.makeUnsafe(0), native: null }
})

const compute = (more: Partial<BillingTerms["compute"]>) => ({ ...bySecond, compute: { ...bySecond.compute, ...more } })
const job = { duration: "10 minutes" } as const
const moving = { ...job, storageMiB: 102_400, egressGiB: 10, ingressGiB: 0 }
const disk = { perUnitMonth: money("0.1"), unit: "GiB", hoursPerMonth: 720, whileStopped: true } as const

test.each<[string, BillingTerms, object, ReadonlyArray<string>]>([
  ["seconds", bySecond, job, ["charged by the second", "the disk is in the price"]],
  [
    "a begun hour",
    compute({ stepSeconds: 3600 }),
    job,
    ["charged each begun hour: 1h for 10m", "the disk is in the price"]
  ],
  [
    "begun steps of ten minutes, as long as the job",
    compute({ stepSeconds: 600 }),
    job,
    ["charged each begun ten minutes", "the disk is in the price"]
  ],
  [
    "hours by the clock",
    compute({ stepSeconds: 3600, stepsFrom: "clock" }),
    job,
    ["charged by the clock, each hour that is touched: 2h for 10m", "the disk is in the price"]
  ],
  ["a minimum", compute({ minimumSeconds: 3600 }), job, ["at least 1h are charged", "the disk is in the price"]],
  [
    "a disk and traffic",
    { ...bySecond, storage: disk, traffic: { outPerGiB: money("0.02"), inPerGiB: money(0) } },
    moving,
    ["charged by the second", "$0.002315 of it for the disk", "$0.20 of it for traffic"]
  ],
  [
    "traffic that no document prices",
    { ...bySecond, traffic: "unknown" },
    moving,
    ["charged by the second", "the disk is in the price", "what traffic costs no document says"]
  ],
  [
    "a deposit",
    { ...bySecond, upfront: { seconds: 3600, refundableSeconds: 3600 } },
    job,
    ["charged by the second", "the disk is in the price", "$3.00 must be on the account, which is not spent"]
  ],
  [
    "a floor of the account",
    { ...bySecond, accountFloor: money(20) },
    job,
    ["charged by the second", "the disk is in the price", "$20.00 must be on the account"]
  ]
])("%s", (_, terms, given, reasons) => {
  expect(costReasons(offerOn(terms), { ...job, ...given })).toEqual(reasons)
})

test("an offer whose terms are unknown has none", () => {
  expect(costReasons(offerOn(null), job)).toEqual([])
})
