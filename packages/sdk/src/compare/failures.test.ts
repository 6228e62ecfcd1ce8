import { clockFrom, memoryLedger, ProviderFault } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { createGpu } from "../client/create-gpu.ts"
import { makeGpu } from "../client/make-gpu.ts"
import { fates, request, setUp, shown } from "../placement/placement.test-support.ts"

describe("failures are remembered", () => {
  test("an offer that failed is ranked down, and comes back in time", async () => {
    const { gpu, clock } = setUp([
      {
        name: "acme",
        stands: [
          { id: "flaky", perHour: "1", fate: "breaks", more: { host: "h1" } },
          { id: "good", perHour: "1.2" }
        ]
      }
    ])
    const first = async () => (await gpu.compare({ job: request.job })).candidates[0]
    expect((await first())?.offer.id).toBe("flaky")
    expect(shown((await gpu.launch(request)).trail)).toEqual(["flaky not-ready", "good ready"])
    expect((await first())?.offer.id).toBe("good")
    await clock.sleep(60 * 60_000)
    expect(await first()).toMatchObject({ offer: { id: "flaky" }, penalty: expect.closeTo(0.12, 1) })
  })

  test("in another client on the same ledger, as after a restart, and for a user of Effects", async () => {
    const stands = [
      { id: "flaky", perHour: "1", fate: "breaks", more: { host: "h1" } },
      { id: "good", perHour: "1.2" }
    ] as const
    const ledger = memoryLedger()
    const { gpu, client, clouds, clock } = setUp([{ name: "acme", stands }], { ledger })
    await gpu.launch(request)
    const ranked = await client().compare({ job: request.job })
    expect([...ranked].map(({ offer, penalty }) => [offer.id, penalty > 0])).toEqual([
      ["good", false],
      ["flaky", true]
    ])
    const compared = makeGpu({ clouds, ledger }).compare({ job: request.job })
    const effects = await Effect.runPromise(Effect.provideService(compared, Clock.Clock, clockFrom(clock)))
    expect([...effects].map(({ offer }) => offer.id)).toEqual(["good", "flaky"])
    const elsewhere = createGpu({ clouds, clock, ledger: memoryLedger() })
    expect([...(await elsewhere.compare({ job: request.job }))].map(({ offer }) => offer.id)).toEqual(["flaky", "good"])
  })

  test("a ledger that cannot note a failure does not stop the launch", async () => {
    const fault = new ProviderFault({ message: "the disk is full", retry: "temporary", operation: "ledger" })
    const ledger = { ...memoryLedger(), failed: () => Effect.fail(fault) }
    const { gpu } = setUp([fates("breaks", "boots")], { ledger })
    expect(shown((await gpu.launch(request)).trail)).toEqual(["o1 not-ready", "o2 ready"])
  })

  test("a host that failed is ranked down with all its offers", async () => {
    const { gpu } = setUp([
      {
        name: "acme",
        stands: [
          { id: "flaky", perHour: "1", fate: "breaks", more: { host: "h1" } },
          { id: "beside", perHour: "1.1", more: { host: "h1" } },
          { id: "elsewhere", perHour: "1.2", more: { host: "h2" } }
        ]
      }
    ])
    const [flaky] = await gpu.compare({ job: request.job })
    if (!flaky) throw new Error("no offers")
    await gpu.launch({ ...request, candidates: [flaky] }).catch(() => {})
    const ranked = await gpu.compare({ job: request.job })
    expect([...ranked].map(({ offer }) => offer.id)).toEqual(["elsewhere", "flaky", "beside"])
  })
})
