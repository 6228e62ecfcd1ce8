import { money, ProviderFault } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { errorOf, fates, request, setUp } from "../placement/placement.test-support.ts"
import type { CloudScript } from "../testing/market.ts"

describe("the spend limit of a client", () => {
  test("holds over launches that run at once, and is free again when machines end", async () => {
    const { gpu, alive } = setUp([fates("boots")], { spendLimit: { perHour: money("2.50") } })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    const launches = await Promise.allSettled(
      Array.from({ length: 5 }, () => gpu.rent({ offer, name: "job", os: "ubuntu" }))
    )
    expect(launches.filter(({ status }) => status === "fulfilled")).toHaveLength(2)
    expect(alive()).toHaveLength(2)
    for (const one of launches) {
      if (one.status === "rejected")
        expect(one.reason).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(3) })
    }
    const [kept] = await gpu.list()
    if (kept) await gpu.terminate(kept.ref)
    await gpu.rent({ offer, name: "job", os: "ubuntu" })
    expect(alive()).toHaveLength(2)
  })

  test("in total counts whole jobs, and refuses a launch without an end", async () => {
    const { gpu, alive } = setUp([fates("boots")], { spendLimit: { total: money(7) } })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    await expect(gpu.rent({ offer, name: "job", os: "ubuntu" })).rejects.toMatchObject({ _tag: "OutOfFunds" })
    await gpu.rent({ offer, name: "job", os: "ubuntu", ttl: "4 hours" })
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

  test("counts the disk and the bid of a launch, not its offer's price alone", async () => {
    const storage = { perUnitMonth: money("7.2"), unit: "GiB", hoursPerMonth: 720, whileStopped: true } as const
    const script: CloudScript = { ...fates("boots"), takes: ["bid", "diskMiB"], terms: { storage } }
    const { gpu, creates } = setUp([script], { spendLimit: { perHour: money("2.05"), total: money(5) } })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    const spec = { offer, name: "job", os: "ubuntu", ttl: "1 hour" } as const
    const dear = [{ bid: money("2.06") }, { diskMiB: 200 * 1024 }]
    for (const more of dear) {
      await expect(gpu.rent({ ...spec, ...more })).rejects.toMatchObject({ _tag: "OutOfFunds", ownLimit: true })
    }
    expect(creates).toEqual([])
    await gpu.rent({ ...spec, diskMiB: 100 * 1024 })
    expect(creates).toHaveLength(1)
  })

  test("ends a machine that turns out dearer than its offer, when that passes the limit", async () => {
    const { gpu, alive, creates } = setUp([{ name: "acme", stands: [{ id: "rises", perHour: "1", costs: "2.60" }] }], {
      spendLimit: { perHour: money("2.50") }
    })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    const launch = gpu.rent({ offer, name: "job", os: "ubuntu" })
    await expect(launch).rejects.toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money("2.60") })
    expect([creates.length, alive().length]).toEqual([1, 0])
  })

  test("counts a machine that turned out dearer at its own price", async () => {
    const { gpu, creates } = setUp([{ name: "acme", stands: [{ id: "rises", perHour: "1", costs: "2" }] }], {
      spendLimit: { perHour: money("2.50") }
    })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    await gpu.rent({ offer, name: "job", os: "ubuntu" })
    await expect(gpu.rent({ offer, name: "job", os: "ubuntu" })).rejects.toMatchObject({ needed: money(3) })
    expect(creates).toHaveLength(1)
  })

  test("holds what a launch of unknown outcome may cost, until it is known that it made nothing", async () => {
    const script = fates("answer-lost-unmade", "boots")
    const { gpu, creates, clock } = setUp([script], { spendLimit: { perHour: money(2) } })
    const [lost, good] = await gpu.offers()
    if (!lost || !good) throw new Error("no offers")
    script.findFails = new ProviderFault({ message: "no lists today", retry: "temporary" })
    await expect(gpu.rent({ offer: lost, name: "job", os: "ubuntu" })).rejects.toMatchObject({
      _tag: "LaunchUnsettled"
    })
    await expect(gpu.rent({ offer: good, name: "job", os: "ubuntu" })).rejects.toMatchObject({ _tag: "OutOfFunds" })
    expect(creates).toHaveLength(1)
    Object.assign(script, { findFails: undefined })
    await clock.sleep(120_000)
    expect(await gpu.recover()).toMatchObject({ absent: [{ offerId: "o1" }] })
    await gpu.rent({ offer: good, name: "job", os: "ubuntu" })
    expect(creates).toHaveLength(2)
  })

  test("is free again once a machine that a failed launch left behind is ended", async () => {
    const script: CloudScript = {
      name: "acme",
      stands: [
        { id: "rises", perHour: "1", costs: "3" },
        { id: "good", perHour: "2" }
      ],
      endsFail: 1
    }
    const { gpu, alive } = setUp([script], { spendLimit: { perHour: money("2.50") } })
    const [rises, good] = await gpu.offers()
    if (!rises || !good) throw new Error("no offers")
    const { leftovers: [left] = [] } = await errorOf(gpu.rent({ offer: rises, name: "job", os: "ubuntu" }))
    if (!left) throw new Error("it left nothing")
    await expect(gpu.rent({ offer: good, name: "job", os: "ubuntu" })).rejects.toMatchObject({ _tag: "OutOfFunds" })
    await gpu.terminate(left)
    await gpu.rent({ offer: good, name: "job", os: "ubuntu" })
    expect(alive()).toHaveLength(1)
  })
})
