import * as DateTime from "effect/DateTime"
import { describe, expect, test } from "vitest"
import { InvalidRequest } from "../errors.ts"
import type { BillingTerms } from "./billing.ts"
import { type Estimate, estimate } from "./estimate.ts"
import type { Job } from "./job.ts"
import { type Money, money, zero } from "./money.ts"

const at = (text: string) => DateTime.makeUnsafe(text)
const usdc = (amount: string) => money(amount, "USDC")
const plain = { storage: null, traffic: null, upfront: null, accountFloor: null }

const fluenceGpu = (perHour: string): BillingTerms => ({
  ...plain,
  compute: { perHour: usdc(perHour), stepSeconds: 3600, stepsFrom: "clock", minimumSeconds: 0 },
  traffic: "unknown",
  upfront: { seconds: 10_800, refundableSeconds: 7_200 }
})

const fluenceCpu = (perEpoch: string): BillingTerms => ({
  ...plain,
  compute: {
    perHour: usdc(perEpoch),
    perStep: usdc(perEpoch),
    stepSeconds: 86_400,
    stepsFrom: "clock",
    clockOffsetSeconds: 64_500,
    minimumSeconds: 0
  },
  upfront: { seconds: 172_800, refundableSeconds: 86_400 }
})

const huddle = (perHour: string): BillingTerms => ({
  ...plain,
  compute: { perHour: money(perHour), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 600 },
  accountFloor: money(20)
})

const vast: BillingTerms = {
  ...plain,
  compute: { perHour: money("0.4"), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 },
  storage: { perUnitMonth: money("0.15"), unit: "GiB", hoursPerMonth: 720, whileStopped: true },
  traffic: { outPerGiB: money("0.02"), inPerGiB: money("0.01") }
}

const cost = (terms: BillingTerms, job: Job, price: Money = terms.compute.perHour): Estimate => {
  const answer = estimate({ pricePerHour: price, terms }, job)
  if (answer === null) throw new Error("the price is known")
  return answer
}
const total = (terms: BillingTerms, job: Job) => cost(terms, job).total.micros
const storageLine = (answer: Estimate) => answer.lines.find(({ item }) => item === "storage")?.amount.micros

describe("Fluence GPU: prepaid clock hours", () => {
  const terms = fluenceGpu("1.22")

  test.each([
    ["15:50 to 16:10 is two hours", "2026-01-05T15:50:00Z", "20 minutes", 2],
    ["14:59 to 15:00 is one", "2026-01-05T14:59:00Z", "1 minute", 1],
    ["14:59 to 15:01 is two", "2026-01-05T14:59:00Z", "2 minutes", 2],
    ["a millisecond into the next hour is another one", "2026-01-05T14:00:00Z", 3_600_001, 2],
    ["14:42 to 14:59, as in the documented instance", "2026-01-05T14:42:10Z", "17 minutes", 1]
  ] as const)("%s", (_, start, duration, hours) => {
    const { total: sum, assumptions } = cost(terms, { duration, startAt: at(start), egressGiB: 0, ingressGiB: 0 })
    expect(sum).toEqual({ micros: hours * 1_220_000, currency: "USDC" })
    expect(assumptions).toEqual([])
  })

  test("three hours leave the account at the launch, two of them come back", () => {
    const { upfront, refundable, perHour } = cost(terms, {
      duration: "20 minutes",
      startAt: at("2026-01-05T15:50:00Z")
    })
    expect([upfront, refundable]).toEqual([usdc("3.66"), usdc("2.44")])
    expect(perHour).toEqual(usdc("7.32"))
  })

  test("a start may be a Date as well, and must be one", () => {
    const [from, wrong] = ["2026-01-05T15:50:00Z", "no date"].map((text) => new Date(text))
    expect(cost(terms, { duration: "20 minutes", ...(from && { startAt: from }) }).total.micros).toBe(2 * 1_220_000)
    expect(() => cost(terms, { duration: "20 minutes", ...(wrong && { startAt: wrong }) })).toThrow("startAt")
  })

  test("without a start the dearest one is assumed, and said", () => {
    const answer = cost(terms, { duration: "20 minutes", egressGiB: 0, ingressGiB: 0 })
    expect(answer.total).toEqual(usdc("2.44"))
    expect(answer.exact).toBe(false)
    expect(answer.assumptions).toEqual([expect.stringContaining("no start time given")])
  })

  test("undocumented traffic makes it inexact, unless no traffic is expected", () => {
    const startAt = at("2026-01-05T15:00:00Z")
    expect(cost(terms, { duration: "1 hour", startAt }).exact).toBe(false)
    expect(cost(terms, { duration: "1 hour", startAt, egressGiB: 1, ingressGiB: 0 }).assumptions).toHaveLength(1)
    expect(cost(terms, { duration: "1 hour", startAt, egressGiB: 0, ingressGiB: 0 }).exact).toBe(true)
  })
})

describe("Fluence CPU: epochs of 24 hours", () => {
  const terms = fluenceCpu("2.4352")

  test("a machine rented at 17:45 pays a whole day for ten minutes, and another after 17:55", () => {
    expect(total(terms, { duration: "10 minutes", startAt: at("2026-01-05T17:45:00Z") })).toBe(2_435_200)
    expect(total(terms, { duration: "15 minutes", startAt: at("2026-01-05T17:45:00Z") })).toBe(2 * 2_435_200)
    expect(total(terms, { duration: "24 hours", startAt: at("2026-01-05T17:55:00Z") })).toBe(2_435_200)
  })

  test("epochs of each machine's own are counted from its start, at the exact price of an epoch", () => {
    const own = fluenceCpu("0.30697")
    const fromStart: BillingTerms = { ...own, compute: { ...own.compute, stepsFrom: "start" } }
    expect(cost(fromStart, { duration: "25 hours" })).toMatchObject({ total: usdc("0.61394"), exact: true })
    expect(cost(fromStart, { duration: "1 hour" }).upfront).toEqual(usdc("0.61394"))
  })
})

describe("Huddle: ten minutes, then seconds, and a floor of $20", () => {
  test.each([
    ["1.71", "10 seconds", 285_000],
    ["1.71", "10 minutes", 285_000],
    ["1.71", "601 seconds", 285_475],
    ["0.965", "1 hour", 965_000],
    ["32", "90 minutes", 48_000_000],
    ["0.965", "601 seconds", 161_102]
  ] as const)("$%s per hour for %s", (perHour, duration, micros) => {
    const answer = cost(huddle(perHour), { duration })
    expect(answer).toMatchObject({ total: { micros }, upfront: money(20), refundable: zero(), exact: true })
    expect(answer.lines).toHaveLength(1)
  })
})

describe("Vast: seconds, disk and traffic", () => {
  test("the documented instance: 10.08 GB at $0.15 is $0.0021 per hour", () => {
    const answer = cost(vast, { duration: "1 hour", storageMiB: 10.08 * 1024, egressGiB: 0, ingressGiB: 0 })
    expect(storageLine(answer)).toBe(2_101)
    expect(answer.exact).toBe(true)
    expect(answer.upfront).toEqual(zero())
  })

  test("a day with 100 GiB of disk, 50 out and 10 in", () => {
    const job = { duration: "24 hours", storageMiB: 102_400, egressGiB: 50, ingressGiB: 10 } as const
    const answer = cost(vast, job)
    expect(answer.lines.map(({ item, amount }) => [item, amount.micros])).toEqual([
      ["compute", 9_600_000],
      ["storage", 500_000],
      ["traffic", 1_000_000],
      ["traffic", 100_000]
    ])
    expect(answer.total).toEqual(money("11.2"))
    expect(answer.perHour).toEqual({ micros: 466_667, currency: "USD" })
    expect(answer.assumptions).toEqual([expect.stringContaining("terminated at the end")])
  })

  test("without a disk size, the disk of the quoted price; without traffic, that is said", () => {
    const answer = cost(vast, { duration: "10 hours" }, money("0.402074"))
    expect(storageLine(answer)).toBe(20_740)
    expect(answer.exact).toBe(false)
    expect(answer.assumptions.join("; ")).toMatch(/no disk size given.*no egress given.*no ingress given/)
    const known = { duration: "10 hours", egressGiB: 0, ingressGiB: 0 } as const
    expect(cost(vast, known, money("0.402074")).exact).toBe(true)
    expect(cost(vast, known).assumptions[0]).toContain("the disk is not counted")
    expect(cost(vast, known).exact).toBe(false)
  })
})

test("no price or no terms, no estimate", () => {
  expect(estimate({ pricePerHour: null, terms: vast }, { duration: "1 hour" })).toBeNull()
  expect(estimate({ pricePerHour: money(1), terms: null }, { duration: "1 hour" })).toBeNull()
})

test.each([
  [{ duration: 0 }, "duration"],
  [{ duration: Number.POSITIVE_INFINITY }, "duration"],
  [{ duration: -5 }, "duration"],
  [{ duration: "1 hour", storageMiB: -1 }, "storageMiB"],
  [{ duration: "1 hour", egressGiB: Number.NaN }, "egressGiB"],
  [{ duration: "1 hour", ingressGiB: Number.POSITIVE_INFINITY }, "ingressGiB"]
] as ReadonlyArray<[Job, string]>)("%j is refused", (job, path) => {
  let thrown: unknown
  try {
    estimate({ pricePerHour: null, terms: null }, job)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(InvalidRequest)
  expect(thrown).toMatchObject({ issues: [{ path }] })
})

test("new volumes are counted by themselves where they have a price, and said to be left out where they have none", () => {
  const job = { duration: "10 hours", storageMiB: 10_000, volumesMiB: [20_000, 1] } as const
  const priced = estimate({ pricePerHour: money(1), terms: { ...vast, traffic: null } }, job)
  const alone = estimate({ pricePerHour: money(1), terms: { ...vast, traffic: null } }, { ...job, volumesMiB: [] })
  const [line, ...others] = (priced?.lines ?? []).filter(({ note }) => note.includes("new volumes"))
  expect([others, line?.note]).toEqual([[], "2 new volumes of 19.5 GiB for 36000 seconds"])
  expect((priced?.total.micros ?? 0) - (alone?.total.micros ?? 0)).toBe(line?.amount.micros)
  expect(priced?.exact).toBe(true)
  const unpriced = estimate({ pricePerHour: money(1), terms: huddle("1") }, { ...job, egressGiB: 0, ingressGiB: 0 })
  expect(unpriced?.assumptions).toContain("the cloud documents no price for new volumes: they are not counted")
  expect(unpriced?.exact).toBe(false)
  const wrong = () => estimate({ pricePerHour: money(1), terms: vast }, { ...job, volumesMiB: [-1] })
  expect(wrong).toThrow("volumesMiB[0]")
})
