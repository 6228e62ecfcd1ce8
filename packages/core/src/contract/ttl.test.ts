import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { memoryLedger } from "../ledger/memory.ts"
import { offer, tinyCloud } from "./tiny-cloud.test-support.ts"

const cloud = (leases: Array<number | null> = []) => {
  const ledger = memoryLedger()
  const made = tinyCloud({
    ledger,
    machines: () => [{ id: "m1", state: "up" }],
    create: () =>
      ledger.launches().pipe(
        Effect.tap((launches) => Effect.sync(() => leases.push(...launches.map(({ leaseUntil }) => leaseUntil)))),
        Effect.as("m1")
      )
  })
  return { ...made, leases }
}

describe("a launch with a ttl", () => {
  test("has the end of its lease in the ledger before the request leaves", async () => {
    const { provider, run, leases } = cloud()
    await run(provider.launch({ offer, name: "job", ttl: "2 hours" }))
    expect(leases).toEqual([7_200_000])
  })

  test("is a launch like any other without one", async () => {
    const { provider, run, leases } = cloud()
    await run(provider.launch({ offer, name: "job" }))
    expect(leases).toEqual([null])
  })

  test("keeps its end when its key is used again, with another ttl or with none", async () => {
    const { provider, run, ledger } = cloud()
    for (const ttl of ["2 hours", "1 minute", undefined] as const) {
      await run(provider.launch({ offer, name: "job", key: "k", ...(ttl && { ttl }) }))
    }
    expect((await run(ledger.launches())).map(({ leaseUntil }) => leaseUntil)).toEqual([7_200_000])
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, "soon", "36501 days", "Infinity", {}, null])(
    "of %j is refused, with nothing sent and nothing written",
    async (ttl) => {
      const { provider, run, ledger, leases } = cloud()
      const error = await run(Effect.flip(provider.launch({ offer, name: "job", ttl: ttl as never })))
      expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "ttl" }] })
      expect(leases).toEqual([])
      expect(await run(ledger.launches())).toEqual([])
    }
  )

  test("is rounded up to whole milliseconds", async () => {
    const { provider, run, leases } = cloud()
    await run(provider.launch({ offer, name: "job", ttl: "1500 micros" }))
    expect(leases).toEqual([2])
  })
})
