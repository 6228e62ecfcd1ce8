import type { Reply } from "@anygpu/conformance"
import { describe, expect, it } from "vitest"
import { ok, page, refusal, world } from "./cloud.test-support.ts"

const deploys = "POST /deployments/clusters"
const check = "GET /deployments/availability/8H200.141G"
const about = (is_available: boolean | null) => ok({ cluster_type: "8H200.141G", is_available })

describe("a deploy that finds no capacity", () => {
  const refusedWith = async (availability: Reply) => {
    const { fails, launch, to } = world({
      [deploys]: refusal(409, "CONFLICT", "unavailable"),
      [check]: availability
    })
    const error = await fails(await launch())
    expect(error).toMatchObject({ _tag: "NoCapacity", retry: "permanent", operation: "launch", http: { status: 409 } })
    expect([to(deploys).length, to(check).length]).toEqual([1, 1])
    return error.message
  }

  it("says what Huddle01 says of the type's availability", async () => {
    expect(await refusedWith(about(true))).toMatch(/unavailable.*8H200\.141G is available.*another place/)
    expect(await refusedWith(about(false))).toMatch(/unavailable.*8H200\.141G is not available.*another type/)
  })

  it("is the same error where nothing is said of it, or it cannot be had, and is asked for once", async () => {
    const silent = [about(null), ok(null), refusal(500, "INTERNAL"), refusal(401, "UNAUTHORIZED"), { lost: true }]
    for (const reply of silent) expect(await refusedWith(reply)).not.toContain("8H200.141G")
  })

  it("after a lost answer is settled first: the availability may be what our own machine took", async () => {
    const { fails, launch, to } = world({
      [deploys]: [{ lost: true }, refusal(409, "CONFLICT")],
      [check]: about(false),
      "GET /deployments": page([])
    })
    expect((await fails(await launch()))._tag).toBe("NoCapacity")
    expect(to(check)).toEqual([])
  })
})
