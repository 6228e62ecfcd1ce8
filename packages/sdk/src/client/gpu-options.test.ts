import { InvalidRequest, memoryLedger, money } from "@anygpu/core"
import { expect, test } from "vitest"
import { market } from "../testing/market.ts"
import { createGpu } from "./create-gpu.ts"
import { makeGpu } from "./make-gpu.ts"

const { clouds, clock } = market({ name: "acme", stands: [] })

/** The same clouds, whose adapters keep another version of the contract. */
const ofVersion = (specificationVersion: number | undefined) =>
  clouds.map((cloud) => ({
    ...cloud,
    kinds: Object.fromEntries(
      Object.entries(cloud.kinds).map(([kind, provider]) => [kind, { ...provider, specificationVersion }])
    )
  }))

test.each<[string, unknown, string, RegExp]>([
  ["nothing", undefined, "options", /not undefined/],
  ["null", null, "options", /not null/],
  ["no clouds", {}, "clouds", /must be a list/],
  ["an empty list", { clouds: [] }, "clouds", /is empty/],
  ["a cloud that is null", { clouds: [null] }, "clouds[0]", /such as vast.*not null/],
  ["a cloud that is its factory", { clouds: [() => clouds] }, "clouds[0]", /such as vast/],
  ["a cloud twice", { clouds: [...clouds, ...clouds] }, "clouds", /has acme twice/],
  ["a newer adapter", { clouds: ofVersion(2) }, "clouds", /acme.*keeps version 2.*and not 1: update anygpu$/],
  ["an older one", { clouds: ofVersion(undefined) }, "clouds", /keeps no version.*update the adapter of acme/],
  ["a misspelt limit", { clouds, spendlimit: {} }, "spendlimit", /is no option/],
  [
    "a limit that is a number",
    { clouds, spendLimit: 5 },
    "spendLimit",
    /perHour, perDay, perMonth or total, not a number/
  ],
  ["a limit that is null", { clouds, spendLimit: null }, "spendLimit", /not null/],
  ["a misspelt amount", { clouds, spendLimit: { perhour: money(1) } }, "spendLimit.perhour", /is no limit/],
  ["a bare amount", { clouds, spendLimit: { perHour: 5 } }, "spendLimit.perHour", /made by money\(\)/],
  [
    "an invalid amount",
    { clouds, spendLimit: { total: { micros: Number.NaN, currency: "USD" } } },
    "spendLimit.total",
    /./
  ],
  ["a number as the ledger", { clouds, ledger: 5 }, "ledger", /such as sqliteLedger/],
  ["a ledger's path", { clouds, ledger: "ledger.db" }, "ledger", /not a text/],
  ["a clock without functions", { clouds, clock: { now: 5 } }, "clock.now", /must be a function/]
])("refuses %s", (_, options, path, problem) => {
  const wrong = expect.objectContaining({
    constructor: InvalidRequest,
    issues: expect.arrayContaining([{ path, problem: expect.stringMatching(problem) }])
  })
  expect(() => createGpu(options as never)).toThrow(wrong)
})

test("takes what is explicitly undefined as absent", () => {
  const none = { ledger: undefined, spendLimit: undefined, clock: undefined }
  expect(() => createGpu({ clouds, ...(none as object) })).not.toThrow()
  expect(() => createGpu({ clouds, clock, ledger: memoryLedger(), spendLimit: { total: money(0) } })).not.toThrow()
})

test("as Effects there is no clock to give: the fiber has one", () => {
  expect(() => makeGpu({ clouds, ...({ clock } as object) })).toThrow(/clock: is no option/)
})

test("leaves out clouds that have no key, and says which", () => {
  const without = { name: "other", lacks: "OTHER_API_KEY" } as const
  const gpu = createGpu({ clouds: [...clouds, without] })
  expect(Object.keys(gpu.clouds)).toEqual(["acme"])
  expect(gpu.withoutKey).toEqual([without])
  expect(createGpu({ clouds }).withoutKey).toEqual([])
})

test("refuses a client in which no cloud has a key, and names every variable", () => {
  const none = [
    { name: "one", lacks: "ONE_API_KEY" },
    { name: "two", lacks: "TWO_API_KEY" }
  ]
  expect(() => createGpu({ clouds: none })).toThrow(/clouds: has no cloud with a key: set ONE_API_KEY or TWO_API_KEY/)
})
