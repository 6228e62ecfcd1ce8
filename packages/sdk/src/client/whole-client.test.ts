import { memoryLedger, money } from "@anygpu/core"
import { expect, test } from "vitest"
import { market } from "../testing/market.ts"
import { createGpu } from "./create-gpu.ts"

const setUp = () => {
  const { clouds, clock, alive } = market({ name: "acme", stands: [{ id: "o1", perHour: "2" }] })
  const ledger = memoryLedger()
  const client = () => createGpu({ clouds, clock, ledger })
  return { gpu: client(), client, clock, clouds, alive }
}

const offerOf = async (gpu: ReturnType<typeof setUp>["gpu"]) => {
  const [offer] = await gpu.offers()
  if (!offer) throw new Error("no offer")
  return offer
}

test("a watch sees a machine come up, cost money and go, and stops when the loop is left", async () => {
  const { gpu } = setUp()
  const seen: string[] = []
  const machine = await gpu.rent({ offer: await offerOf(gpu), name: "job", os: "ubuntu" })
  for await (const change of gpu.watch()) {
    seen.push(change.type === "status" ? `status ${change.instance.status}` : change.type)
    if (change.type === "endpoints") await gpu.terminate(machine.ref)
    if (change.type === "status" && change.instance.status === "terminated") break
  }
  expect(seen).toEqual(["appeared", "status running", "endpoints", "status terminated"])
})

test("a lease is ended when its block is left, and its spend is free again", async () => {
  const { gpu, alive } = setUp()
  const offer = await offerOf(gpu)
  {
    await using machine = await gpu.lease({ offer, name: "job", os: "ubuntu" }, { ttl: "2 hours" })
    await gpu.waitUntilReady(machine.ref)
    expect(alive()).toHaveLength(1)
  }
  expect(alive()).toEqual([])
})

test("what a dead client leased is audited and swept by the next one", async () => {
  const { gpu, client, clock, alive } = setUp()
  await gpu.rent({ offer: await offerOf(gpu), name: "job", os: "ubuntu", ttl: "1 hour" })
  const next = client()
  const audit = await next.audit()
  expect([audit.claimed.length, audit.unclaimed.length, audit.overdue.length]).toEqual([1, 0, 0])
  expect((await next.sweep()).kept).toHaveLength(1)
  await clock.sleep(61 * 60_000)
  expect((await next.audit()).overdue).toHaveLength(1)
  expect((await next.sweep()).ended).toHaveLength(1)
  expect(alive()).toEqual([])
})

test("an audit shows what is paid per hour, and what no launch claims", async () => {
  const { gpu, clock, clouds } = setUp()
  const machine = await gpu.rent({ offer: await offerOf(gpu), name: "job", os: "ubuntu" })
  await gpu.waitUntilReady(machine.ref)
  const two = money(2)
  expect((await gpu.audit()).perHour).toEqual({ all: [two], unclaimed: [], uncounted: [] })
  const stranger = createGpu({ clouds, clock })
  const { claimed, unclaimed, perHour } = await stranger.audit()
  expect([claimed.length, unclaimed.map(({ ref }) => ref)]).toEqual([0, [machine.ref]])
  expect(perHour).toMatchObject({ all: [two], unclaimed: [two] })
})
