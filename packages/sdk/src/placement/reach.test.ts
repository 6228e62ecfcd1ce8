import { formatMoney, money } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { Fate } from "../testing/market.ts"
import { errorOf, fates, request, setUp, shown } from "./placement.test-support.ts"

/** Two clouds: the cheaper offers are on acme. */
const clouds = (acme: ReadonlyArray<Fate>, other: ReadonlyArray<Fate> = ["boots"]) =>
  setUp([
    fates(...acme),
    { name: "other", stands: other.map((fate, index) => ({ id: `p${index + 1}`, perHour: `${50 + index}`, fate })) }
  ])

describe("a boot that fails", () => {
  test("because of the request stops the launch: the next host is not rented", async () => {
    const { gpu, creates, alive } = clouds(["wrong-image", "boots", "boots"])
    const error = await errorOf(gpu.launch(request))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "image" }], leftovers: [] })
    expect(error.trail).toMatchObject([{ outcome: "stopped", reach: "everywhere" }])
    expect(error.message).toContain("manifest unknown")
    expect([creates, alive()]).toEqual([["acme/o1"], []])
  })

  test("also while another cloud is allowed, and in a race", async () => {
    const { gpu, machines, alive } = clouds(["wrong-image", "wrong-image", "boots", "boots"])
    const error = await errorOf(gpu.launch({ ...request, strategy: "race", onCloudTrouble: "next" }))
    expect(error._tag).toBe("InvalidRequest")
    expect([machines.length, alive().length]).toEqual([2, 0])
  })

  test("because of its host is tried on the next, in the cloud's own words", async () => {
    const { gpu } = clouds(["bad-host", "boots"])
    const { trail } = await gpu.launch(request)
    expect(shown(trail)).toEqual(["o1 not-ready", "o2 ready"])
    expect(trail.map(({ reach }) => reach)).toEqual(["here", null])
    expect(trail[0]?.error?.message).toContain("unresolvable CDI devices")
  })

  test("because of the request counts against no host", async () => {
    const { gpu } = clouds(["wrong-image", "boots"])
    await errorOf(gpu.launch(request))
    expect((await gpu.compare({ job: request.job })).candidates[0]).toMatchObject({ penalty: 0 })
  })
})

describe("a cloud that refuses the account", () => {
  test.each([
    ["unpaid", "OutOfFunds"],
    ["over-quota", "PermissionDenied"],
    ["limited", "RateLimited"]
  ] as const)("stops the launch by default (%s)", async (fate, tag) => {
    const { gpu, creates } = clouds([fate, "boots"])
    const error = await errorOf(gpu.launch(request))
    expect(error).toMatchObject({ _tag: tag, trail: [{ outcome: "stopped", reach: "cloud" }] })
    expect(creates).toEqual(["acme/o1"])
  })

  test.each(["unpaid", "over-quota", "limited"] as const)(
    "is left for the next cloud when that is allowed, and none of its other offers is tried (%s)",
    async (fate) => {
      const { gpu, creates } = clouds([fate, "boots", "boots"])
      const { trail } = await gpu.launch({ ...request, onCloudTrouble: "next" })
      expect(shown(trail)).toEqual(["o1 refused", "p1 ready"])
      expect(trail[0]).toMatchObject({ reach: "cloud", spent: null })
      expect(creates).toEqual(["acme/o1", "other/p1"])
    }
  )

  test("is reported at the end, with what its account needs, when no other cloud has anything", async () => {
    const { gpu } = clouds(["unpaid", "boots", "boots"], ["no-capacity"])
    const error = await errorOf(gpu.launch({ ...request, onCloudTrouble: "next" }))
    expect(error._tag).toBe("NoCapacity")
    expect(error.message).toContain("acme was left out: the account is empty (2 more of its offers were not tried)")
  })

  test("is the error itself when accounts are all that stands in the way", async () => {
    const { gpu } = clouds(["unpaid", "boots"], ["over-quota"])
    const error = await errorOf(gpu.launch({ ...request, onCloudTrouble: "next" }))
    expect(error._tag).toBe("OutOfFunds")
    expect(error.message).toMatch(/acme was left out: the account is empty.*other was left out: the quota of 4 GPUs/)
  })

  test("what to do then is one of two words", async () => {
    const { gpu } = clouds(["boots"])
    await expect(gpu.launch({ ...request, onCloudTrouble: "skip" as "next" })).rejects.toMatchObject({
      issues: [{ path: "onCloudTrouble" }]
    })
  })
})

describe("machines that were ended", () => {
  test.each(["bad-host", "never-boots", "breaks"] as const)(
    "are reported as ended, with what each cost and what all cost (%s)",
    async (fate) => {
      const { gpu, alive } = clouds([fate, fate], [])
      const error = await errorOf(gpu.launch(request))
      expect(alive()).toEqual([])
      const [first, second] = error.trail ?? []
      const all = [...(error.trail ?? [])].map(({ spent }) => spent?.micros ?? 0)
      for (const one of [first, second]) {
        expect(one?.error?.message).toMatch(/It was ended: it cost \$/)
        expect(one?.error?.message).toContain(formatMoney(one?.spent ?? money(0)))
        expect(one?.error?.leftovers).toEqual([])
        expect(one?.error?.message).not.toMatch(/still there|may (still )?cost|terminate it/)
      }
      const sum = { micros: all.reduce((a, b) => a + b, 0), currency: "USD" } as const
      expect(error.message).toContain(`The 2 machines that were tried cost ${formatMoney(sum)} together.`)
      expect(error.message).not.toMatch(/still there|may (still )?cost|terminate it/)
    }
  )

  test("are reported beside the rented machine", async () => {
    const { gpu } = clouds(["bad-host", "breaks", "boots"])
    const { spent, trail } = await gpu.launch(request)
    const vain = trail.filter(({ outcome }) => outcome !== "ready").map((one) => one.spent?.micros ?? 0)
    expect(spent).toEqual([{ micros: vain.reduce((a, b) => a + b, 0), currency: "USD" }])
    expect((await clouds(["boots"]).gpu.launch(request)).spent).toEqual([])
  })

  test("one that could not be ended is still reported as left", async () => {
    const { gpu, alive } = setUp([{ ...fates("breaks", "boots"), endsFail: 1 }])
    const error = await errorOf(gpu.launch(request))
    expect(error.leftovers).toMatchObject([{ id: alive()[0]?.id }])
  })
})
