import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import type { Ledger } from "../../ledger/ledger.ts"
import { memoryLedger } from "../../ledger/memory.ts"
import { InstanceRef } from "../../model/ref.ts"
import { offer, tinyCloud } from "../tiny-cloud.test-support.ts"

test("a list that shows a new machine as not visible yet has not seen it: it is not gone afterwards", async () => {
  const { provider, run } = tinyCloud({ machines: (now) => (now < 20_000 ? [] : [{ id: "m1", state: "up" }]) })
  const { ref } = await run(provider.launch({ offer, name: "job" }))
  for (let look = 1; look <= 2; look++) {
    expect((await run(provider.list())).items).toMatchObject([{ status: "pending", reason: "not-visible-yet" }])
  }
  expect(await run(provider.get(ref))).toMatchObject({ status: "pending", reason: "not-visible-yet" })
  await run(Effect.sleep("20 seconds"))
  expect((await run(provider.list())).items).toMatchObject([{ status: "running" }])
})

test("a new machine that was seen is not gone because a list lags behind", async () => {
  const isHidden = (now: number) => now >= 10_000 && now < 40_000
  const { provider, run, ledger } = tinyCloud({
    machines: (now) => (isHidden(now) ? [] : [{ id: "m1", state: "booting" }])
  })
  const { ref } = await run(provider.launch({ offer, name: "job" }))
  expect(await run(provider.get(ref))).toMatchObject({ status: "provisioning" })
  await run(Effect.sleep("10 seconds"))
  expect(await run(provider.get(ref))).toMatchObject({ status: "pending", reason: "not-visible-yet" })
  expect((await run(provider.list())).items).toMatchObject([{ status: "pending" }])
  expect(await run(ledger.machine(ref))).toMatchObject({ goneAt: null })
  await run(Effect.sleep("30 seconds"))
  expect(await run(provider.get(ref))).toMatchObject({ status: "provisioning" })
})

test("a new machine is not gone because its launch stood still for long before it was sent", async () => {
  const time = { now: 0 }
  const memory = memoryLedger()
  const ledger: Ledger = {
    ...memory,
    // Its process is stopped right after it wrote the launch, for longer than a create may take.
    openLaunch: (launch) =>
      Effect.map(memory.openLaunch(launch), (record) => {
        time.now += 300_000
        return record
      })
  }
  const { another, provider, run } = tinyCloud({
    ...{ time, ledger },
    machines: (now) => (now < 320_000 ? [] : [{ id: "m1", state: "up" }])
  })
  const { ref } = await run(provider.launch({ offer, name: "job" }))
  expect(await run(another().get(ref))).toMatchObject({ status: "pending", reason: "not-visible-yet" })
})

test("a machine on a list is as old as the answer that shows it, whatever is read afterwards to know its kind", async () => {
  const { provider, run, now } = tinyCloud({
    machines: () => [{ id: "m1", state: "up" }],
    kindOf: () => "container",
    learnKinds: () => Effect.ignore(Effect.sleep("8 seconds"))
  })
  const [machine] = (await run(provider.list())).items
  expect(machine?.observedAt.epochMilliseconds).toBe(0)
  expect(now()).toBe(8000)
})

test("core picks the machines of a kind from a list of several, by their rows, else by the ledger, else by the cloud's word", async () => {
  const { provider, run, ledger } = tinyCloud({
    machines: () => ["c1", "v1", "m1", "x1"].map((id) => ({ id, state: "up" as const })),
    kindOf: ({ id }) => (id.startsWith("c") ? "container" : id.startsWith("v") ? "vm" : null)
  })
  await run(ledger.seen([new InstanceRef("test", "container", "m1")], 0))
  expect((await run(provider.list())).items.map(({ ref }) => ref.id)).toEqual(["c1", "m1", "x1"])
})
