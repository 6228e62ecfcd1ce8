import { money } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { fates, request, setUp } from "./anywhere/anywhere.test-support.ts"

describe("the spend limit of a client", () => {
  test("holds over launches that run at once, and is free again when machines end", async () => {
    const { gpu, alive } = setUp([fates("boots")], { spendLimit: { perHour: money("2.50") } })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    const launches = await Promise.allSettled(
      Array.from({ length: 5 }, () => gpu.launch({ offer, name: "job", os: "ubuntu" }))
    )
    expect(launches.filter(({ status }) => status === "fulfilled")).toHaveLength(2)
    expect(alive()).toHaveLength(2)
    for (const one of launches) {
      if (one.status === "rejected")
        expect(one.reason).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(3) })
    }
    const [kept] = await gpu.list()
    if (kept) await gpu.terminate(kept.ref)
    await gpu.launch({ offer, name: "job", os: "ubuntu" })
    expect(alive()).toHaveLength(2)
  })

  test("in total counts whole jobs, and refuses a launch without an end", async () => {
    const { gpu, alive } = setUp([fates("boots")], { spendLimit: { total: money(7) } })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    await expect(gpu.launch({ offer, name: "job", os: "ubuntu" })).rejects.toMatchObject({ _tag: "OutOfFunds" })
    await gpu.launch({ offer, name: "job", os: "ubuntu", ttl: "4 hours" })
    await gpu.launch(request)
    await expect(gpu.launch(request)).rejects.toMatchObject({ trail: [{ outcome: "too-dear" }] })
    expect(alive()).toHaveLength(2)
  })

  test("a launch that made nothing holds nothing", async () => {
    const { gpu } = setUp([fates("no-capacity", "boots")], { spendLimit: { perHour: money(2) } })
    await expect(gpu.launch(request)).resolves.toMatchObject({
      trail: [{ outcome: "no-capacity" }, { outcome: "ready" }]
    })
  })

  test("in total keeps what a machine that was ended may have cost", async () => {
    const { gpu } = setUp([fates("breaks", "boots")], { spendLimit: { total: money(7) } })
    await expect(gpu.launch(request)).rejects.toMatchObject({
      trail: [{ outcome: "not-ready" }, { outcome: "too-dear" }]
    })
  })
})
