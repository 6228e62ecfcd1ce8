import { expect, test } from "vitest"
import { estimate, storageFor } from "./estimate.ts"
import { money } from "./money.ts"

const disk = { perUnitMonth: money("0.15"), hoursPerMonth: 720, whileStopped: true } as const

test("a disk sold by the GiB is charged to the MiB", () => {
  expect(storageFor({ ...disk, unit: "GiB" }, 20_480, 3600).micros).toBe(4_167)
  expect(storageFor({ ...disk, unit: "GiB" }, 512, 720 * 3600)).toEqual(money("0.075"))
})

test("a disk sold in whole GB is charged up to the next one", () => {
  // 20 GiB are 21.5 GB, so 22 are rented: 22 x 0.15 / 720 = 0.0045833... per hour, rounded up.
  expect(storageFor({ ...disk, unit: "whole GB" }, 20_480, 3600).micros).toBe(4_584)
  expect(storageFor({ ...disk, unit: "whole GB" }, 1, 720 * 3600)).toEqual(money("0.15"))
})

test("a disk below the smallest one that is rented is charged as that one", () => {
  const month = 720 * 3600
  expect(storageFor({ ...disk, unit: "whole GB", minimumUnits: 8 }, 1_024, month)).toEqual(money("1.2"))
  expect(storageFor({ ...disk, unit: "whole GB", minimumUnits: 8 }, 20_480, month)).toEqual(money("3.3"))
  expect(storageFor({ ...disk, unit: "GiB", minimumUnits: 8 }, 512, month)).toEqual(money("1.2"))
})

test("a disk that the price includes up to a size is exact up to it, and not counted above it, which is said", () => {
  const compute = { perHour: money(1), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 } as const
  const terms = { compute, storage: null, includedDiskMiB: 47_683, traffic: null, upfront: null, accountFloor: null }
  const costOf = (job: { readonly storageMiB?: number }) =>
    estimate({ pricePerHour: money(1), terms }, { duration: "1 hour", ...job })
  for (const job of [{}, { storageMiB: 47_683 }]) expect(costOf(job)).toMatchObject({ exact: true, assumptions: [] })
  expect(costOf({ storageMiB: 47_684 })).toMatchObject({
    total: money(1),
    exact: false,
    assumptions: [expect.stringMatching(/no price for a disk above 47683 MiB/)]
  })
})
