import fc from "fast-check"
import { expect, test } from "vitest"
import { gbOfMiB, mibOfGB } from "./gigabytes.ts"

test("the GB to ask for are never less than was asked for, and no GB more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), (mib) => {
      const gb = gbOfMiB(mib)
      expect(gb * 1e9).toBeGreaterThanOrEqual(mib * 1_048_576)
      expect((gb - 1) * 1e9).toBeLessThan(mib * 1_048_576)
      expect(gbOfMiB(mibOfGB(gb))).toBe(gb)
    })
  )
})
