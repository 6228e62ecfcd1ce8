import { describe, expect, test } from "vitest"
import { request, setUp, shown } from "../anywhere/anywhere.test-support.ts"

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
