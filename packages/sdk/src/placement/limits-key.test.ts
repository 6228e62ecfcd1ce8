import { money } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { CloudScript } from "../testing/market.ts"
import { errorOf, fates, request, setUp } from "./placement.test-support.ts"

const limits = { maxTotal: money("5.50"), maxAttempts: 1 }

/** One offer of $1 per hour, of which an hour is paid at least, on which no machine comes up. */
const breaking: CloudScript = {
  name: "acme",
  stands: [
    {
      ...{ id: "o1", perHour: "1", fate: "breaks" },
      more: {
        terms: {
          compute: { stepSeconds: 1, stepsFrom: "start", minimumSeconds: 3600, perHour: money(1) },
          ...{ storage: null, traffic: null, upfront: null, accountFloor: null }
        }
      }
    }
  ]
}

describe("maxTotal under a key counts what earlier calls with the key have cost", () => {
  test.each([{}, { spendLimit: { total: money(1000) } }])("in new clients on one ledger, with %j", async (options) => {
    const { client, creates } = setUp([breaking], options)
    const call = () => errorOf(client().launch({ ...request, key: "k", limits }))
    for (const _ of [1, 2, 3])
      expect(await call()).toMatchObject({ trail: [{ outcome: "not-ready", spent: money(1) }] })
    for (const _ of [4, 5]) {
      const error = await call()
      expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(6), available: money("5.50") })
      expect(error.message).toContain("$3.00 that was spent on earlier tries")
    }
    expect(creates).toHaveLength(3)
  })

  test("and no other key's, nor what is launched without one", async () => {
    const { client, creates } = setUp([breaking])
    for (let call = 0; call < 12; call++) await errorOf(client().launch({ ...request, key: `k${call}`, limits }))
    for (let call = 0; call < 3; call++) await errorOf(client().launch({ ...request, limits }))
    expect(creates).toHaveLength(15)
  })

  test("what could not be had costs nothing", async () => {
    const { client, creates } = setUp([fates("no-capacity")])
    for (let call = 0; call < 5; call++) {
      expect(await errorOf(client().launch({ ...request, key: "k", limits }))).toMatchObject({ _tag: "NoCapacity" })
    }
    expect(creates).toHaveLength(5)
  })
})
