import { memoryLedger, money, ProviderFault } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { createGpu } from "../client/create-gpu.ts"
import { errorOf, fates, request, setUp } from "../placement/placement.test-support.ts"
import type { CloudScript, Stand } from "../testing/market.ts"
import { world } from "../testing/world.test-support.ts"

const job = { name: "job", os: "ubuntu", ttl: "3 hours" } as const

/** A cloud with one offer of $1 per hour, and the launch of it for three hours. */
const rising = async (more: Partial<Stand>, options: Partial<Parameters<typeof createGpu>[0]>, script = {}) => {
  const stand: Stand = { id: "rises", perHour: "1", ...more }
  const world = setUp([{ name: "acme", stands: [stand], ...script }], options)
  const [offer] = await world.gpu.offers()
  if (!offer) throw new Error("no offer")
  return { ...world, stand, spec: { ...job, offer } }
}

describe("a budget in the ledger", () => {
  test("is not refilled by a restart: a new client on the same ledger finds it used", async () => {
    const { client, alive } = setUp([fates("boots")], { spendLimit: { total: money(7) } })
    await client().launch(request)
    await client().launch(request)
    const error = await errorOf(client().launch(request))
    expect(error).toMatchObject({ trail: [{ outcome: "too-dear", error: { _tag: "OutOfFunds", ownLimit: true } }] })
    expect(alive()).toHaveLength(2)
  })

  test("holds for clients that launch at once, as other processes do", async () => {
    const { client, alive } = await rising({}, { spendLimit: { perHour: money("2.50") } })
    const [offer] = await client().offers()
    if (!offer) throw new Error("no offer")
    const launches = await Promise.allSettled(Array.from({ length: 5 }, () => client().rent({ ...job, offer })))
    expect(launches.filter(({ status }) => status === "fulfilled")).toHaveLength(2)
    expect(alive()).toHaveLength(2)
  })

  test("gives back what is paid per hour when another client ends the machine", async () => {
    const { client, spec } = await rising({}, { spendLimit: { perHour: money("1.50") } })
    const machine = await client().rent(spec)
    expect(await errorOf(client().rent(spec))).toMatchObject({ _tag: "OutOfFunds", needed: money(2) })
    await client().terminate(machine.ref)
    await client().rent(spec)
  })

  test("of another name is another one, and so is one in another ledger", async () => {
    const ledger = memoryLedger()
    const { gpu, spec } = await rising({}, { ledger, spendLimit: { total: money(3), budget: "july" } })
    await gpu.rent(spec)
    expect(await errorOf(gpu.rent(spec))).toMatchObject({ message: expect.stringContaining('budget "july"') })
    const august = await rising({}, { ledger, spendLimit: { total: money(3), budget: "august" } })
    await august.gpu.rent(august.spec)
    const elsewhere = await rising({}, { spendLimit: { total: money(3), budget: "july" } })
    await elsewhere.gpu.rent(elsewhere.spec)
  })
})

test("a bid is raised within the budget, and not above it", async () => {
  const { simulator, cloud, writes } = world()
  const spendLimit = { perHour: money(2) }
  const gpu = createGpu({ clouds: [cloud], clock: simulator.clock, ledger: memoryLedger(), spendLimit })
  const [offer] = await gpu.offers({ kind: "container", interruptible: true, limit: 1 })
  if (!offer) throw new Error("no offer")
  const { ref } = await gpu.rent({ offer, name: "bids", image: "ubuntu", bid: money(1) })
  // Refused, since it does not run yet: nothing more is held by that.
  expect(await errorOf(gpu.act(ref, "changeBid", money("1.90")))).toMatchObject({ _tag: "IllegalAction" })
  await gpu.waitUntilReady(ref)
  await gpu.act(ref, "changeBid", money("1.40"))
  const before = writes().length
  const error = await errorOf(gpu.act(ref, "changeBid", money("2.50")))
  expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, available: money(2) })
  expect(error.message).toContain("the bid was not changed")
  expect(writes()).toHaveLength(before)
  const second = await errorOf(gpu.rent({ offer, name: "second", image: "ubuntu", bid: money("0.90") }))
  expect(second).toMatchObject({ _tag: "OutOfFunds", needed: { micros: expect.closeTo(2_300_000, -5) } })
})

describe("a machine that turns out dearer than its offer", () => {
  const total = { spendLimit: { total: money(4) } }

  test("is ended when its whole time at its own price passes the total", async () => {
    const { gpu, spec, alive, creates } = await rising({ costs: "10" }, total)
    const error = await errorOf(gpu.rent(spec))
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(30), available: money(4) })
    expect(error.message).toMatch(/turned out to cost \$10\.00 per hour.*was ended again/)
    expect([creates.length, alive().length]).toEqual([1, 0])
    // What it did cost until its end is spent, and no more.
    await errorOf(gpu.rent(spec))
    expect([creates.length, alive().length]).toEqual([2, 0])
  })

  test("counts at its own price, also for the total", async () => {
    const { gpu, spec, alive } = await rising({ costs: "1.30" }, { spendLimit: { total: money("6.80") } })
    await gpu.rent(spec)
    expect(await errorOf(gpu.rent(spec))).toMatchObject({ needed: money("6.90") })
    expect(alive()).toHaveLength(1)
  })

  test("is ended in a launch for a job as well, and the next offer is tried", async () => {
    const stands = [
      { id: "rises", perHour: "1", costs: "10" },
      { id: "good", perHour: "1.10" }
    ]
    const { gpu, alive } = setUp([{ name: "acme", stands }], total)
    const { trail } = await gpu.launch(request)
    expect(trail.map(({ outcome }) => outcome)).toEqual(["too-dear", "ready"])
    expect(alive().map(({ stand }) => stand.id)).toEqual(["good"])
  })

  test("is found out also when the cloud does not show it at first", async () => {
    const { gpu, spec, alive } = await rising({ costs: "10" }, total, { appearMs: 20_000 })
    expect(await errorOf(gpu.rent(spec))).toMatchObject({ _tag: "OutOfFunds", needed: money(30) })
    expect(alive()).toEqual([])
  })

  test("and cannot be ended is named, and stays in the budget", async () => {
    const { gpu, spec, alive, clock } = await rising({ costs: "10" }, total, { endsFail: 1 })
    const error = await errorOf(gpu.rent(spec))
    expect(error).toMatchObject({ _tag: "OutOfFunds", leftovers: [{ id: alive()[0]?.id }] })
    expect(error.message).toContain("it cannot be ended")
    await clock.sleep(60_000)
    expect(await errorOf(gpu.rent(spec))).toMatchObject({ needed: money(33) })
  })

  test("is ended when the ledger cannot note its price", async () => {
    const ledger = memoryLedger()
    const full = new ProviderFault({ message: "the disk is full", retry: "temporary", operation: "ledger" })
    const { fail } = await import("effect/Effect")
    const broken = { ...ledger, recommit: () => fail(full) }
    const { gpu, spec, alive } = await rising({ costs: "1.10" }, { ...total, ledger: broken })
    expect(await errorOf(gpu.rent(spec))).toMatchObject({ message: expect.stringContaining("the disk is full") })
    expect(alive()).toEqual([])
  })

  test("later on keeps the budget from further launches once it is seen", async () => {
    const script: Partial<CloudScript> = {}
    const { gpu, client, spec, stand, alive } = await rising({}, { spendLimit: { total: money(7) } }, script)
    const machine = await gpu.rent(spec)
    Object.assign(stand, { costs: "2" })
    expect((await client().list()).items).toMatchObject([{ ref: machine.ref, pricePerHour: money(2) }])
    expect(await errorOf(gpu.rent(spec))).toMatchObject({ needed: money(9) })
    Object.assign(stand, { costs: "3" })
    await client().get(machine.ref)
    expect(await errorOf(gpu.rent(spec))).toMatchObject({ needed: money(12) })
    expect(alive()).toHaveLength(1)
  })
})
