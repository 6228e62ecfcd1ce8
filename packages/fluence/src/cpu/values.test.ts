import { decimalOf } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { timeOf } from "../values.ts"
import { priceOf, sizesOf, sizesOfSlug } from "./to-domain.ts"

const iso = (text: string | null) => {
  const time = timeOf(text)
  return time && DateTime.formatIso(time)
}

describe("amounts", () => {
  it.each([
    ["2.4352", 2_435_200],
    [".30697", 306_970],
    ["0.30698", 306_980],
    ["12.", 12_000_000],
    ["0.0000001", 1]
  ])("%s is %d micros", (text, micros) => expect(priceOf(text)).toEqual({ micros, currency: "USDC" }))

  it.each(["", ".", "0", "0.00", "-1", "1e3", "1.2.3", "NaN", "9".repeat(30), "2,4", 298_160, 0, null, undefined])(
    "%j is no price",
    (text) => expect(priceOf(text)).toBeNull()
  )

  it("are exact, with and without their leading zero", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (micros) => {
        const text = decimalOf({ micros, currency: "USDC" })
        expect(priceOf(text)).toEqual({ micros, currency: "USDC" })
        expect(priceOf(text.replace(/^0\./, "."))).toEqual({ micros, currency: "USDC" })
      })
    )
  })

  it("never throw", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.double(), fc.constant(null)), (value) => void priceOf(value)))
  })
})

describe("times", () => {
  it.each([
    ["2025-04-30T11:23:05Z", "2025-04-30T11:23:05.000Z"],
    ["2025-05-06T14:29:39.382562Z", "2025-05-06T14:29:39.382Z"],
    ["+002025-03-28T16:26:38.808750000Z", "2025-03-28T16:26:38.808Z"],
    ["2025-05-01T00:00:00+02:00", "2025-04-30T22:00:00.000Z"]
  ])("%s", (text, wanted) => expect(iso(text)).toBe(wanted))

  it.each(["+002025-03-01T00:00:000000000Z", "2024-01-01T00:00:000000Z", "2025-04-30T11:23:05", "soon", "1", "", null])(
    "%j is not one",
    (text) => expect(iso(text)).toBeNull()
  )

  it("never throw, and every one is read in both spellings of its year", () => {
    fc.assert(fc.property(fc.string(), (text) => void timeOf(text)))
    const date = fc.date({ min: new Date("2000-01-01"), max: new Date("2999-01-01"), noInvalidDate: true })
    fc.assert(
      fc.property(date, (time) => {
        expect(iso(time.toISOString())).toBe(time.toISOString())
        expect(iso(`+00${time.toISOString()}`)).toBe(time.toISOString())
      })
    )
  })
})

describe("sizes", () => {
  const ram = (supply: unknown, units: unknown) => [{ type: "RAM", supply, units }] as never

  it("texts in MiB and numbers in GiB are the same memory", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (gib) => {
        expect(sizesOf(ram(String(gib * 1024), "MiB")).memoryMiB).toBe(gib * 1024)
        expect(sizesOf(ram(gib, "GiB")).memoryMiB).toBe(gib * 1024)
        expect(sizesOf(ram(String(gib), "GiB")).memoryMiB).toBe(gib * 1024)
      })
    )
  })

  it.each([
    ["4", "GB"],
    ["4", null],
    ["four", "GiB"],
    ["0x10", "GiB"],
    ["", "MiB"],
    [-1, "MiB"],
    [null, "MiB"],
    [0, "MiB"]
  ])("%j %j is unknown", (supply, units) => expect(sizesOf(ram(supply, units)).memoryMiB).toBeNull())

  it("disks add up, and one that cannot be read makes the sum unknown", () => {
    const disk = { type: "STORAGE", supply: 25, units: "GiB" }
    expect(sizesOf([disk, { ...disk, supply: "20480", units: "MiB" }]).storageMiB).toBe(45 * 1024)
    expect(sizesOf([disk, { ...disk, supply: "some" }]).storageMiB).toBeNull()
  })

  it("of a configuration's name, which is read whole or not at all", () => {
    expect(sizesOfSlug("cpu-2-ram-4gb-storage-25gb")).toEqual({ vcpus: 2, memoryMiB: 4096, storageMiB: 25_600 })
    for (const slug of ["cpu-2-ram-4gb", "cpu-2-ram-4tb-storage-25gb", "xcpu-2-ram-4gb-storage-25gb", ""]) {
      expect(sizesOfSlug(slug)).toEqual({ vcpus: null, memoryMiB: null, storageMiB: null })
    }
  })
})
