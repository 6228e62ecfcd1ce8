import { money, type OrderRecord } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { errorOf, fates, two, untyped } from "../placement/placement.test-support.ts"
import { order, world } from "./orders.test-support.ts"

const short = ({ state, ref, error }: OrderRecord) => [state, ref, error?.tag ?? null]

describe("an order", () => {
  test("is written and asks no cloud, and a keeper makes it", async () => {
    const { gpu, creates, turn, alive } = world([fates("boots")])
    const written = await gpu.orderLaunch(order)
    expect([written.state, written.key, creates]).toEqual(["queued", "nightly", []])
    expect(await turn(written.id)).toMatchObject({ is: "settled", order: { state: "placed", ref: "acme/vm/acme-1" } })
    expect(await turn(written.id)).toEqual({ is: "over" })
    expect(alive()).toHaveLength(1)
    expect((await gpu.orders()).map(short)).toEqual([["placed", "acme/vm/acme-1", null]])
    expect((await gpu.awaitOrder(written.id)).ref).toBe("acme/vm/acme-1")
  })

  test("under a key that an order has is that order, and no other one", async () => {
    const { gpu } = world([fates("boots")])
    const first = await gpu.orderLaunch(order)
    expect(await gpu.orderLaunch({ ...order, ttl: 10_800_000 })).toEqual(first)
    expect(await errorOf(gpu.orderLaunch({ ...order, name: "other" }))).toMatchObject({ _tag: "Conflict" })
    expect(await gpu.orders()).toHaveLength(1)
  })

  test("whose launch is there already is placed on its machine", async () => {
    const { gpu, turn, machines } = world([fates("boots")])
    const { limits: _, ...launch } = order
    const { instance } = await gpu.launch(launch)
    const { id } = await gpu.orderLaunch(order)
    expect(await turn(id)).toMatchObject({ order: { state: "placed", ref: String(instance.ref) } })
    expect(machines).toHaveLength(1)
  })

  test("waits for capacity, at the pace of a launch, until its time is over", async () => {
    const { gpu, turn, clock, finish } = world([fates("no-capacity")])
    const { id } = await gpu.orderLaunch({ ...order, waitForCapacity: "10 minutes" })
    expect(await turn(id)).toMatchObject({ order: { state: "queued", error: { tag: "NoCapacity" } } })
    expect(await turn(id)).toMatchObject({ is: "later" })
    await clock.sleep(31_000)
    expect(await turn(id)).toMatchObject({ order: { state: "queued", looks: 2 } })
    await finish(id)
    expect((await gpu.orders()).map(short)).toEqual([["failed", null, "NoCapacity"]])
  })

  test("is not begun once its time is over, and who waits for it hears so", async () => {
    const { gpu, turn, clock, creates } = world([fates("boots")])
    const { id } = await gpu.orderLaunch(order)
    await clock.sleep(3_600_001)
    expect(short(await gpu.awaitOrder(id))).toEqual(["failed", null, "Timeout"])
    expect([await turn(id), creates]).toEqual([{ is: "over" }, []])
    // Its key is free again.
    expect((await gpu.orderLaunch(order)).state).toBe("queued")
  })

  test("fails for good with what no later look can change, and keeps that", async () => {
    const { gpu, turn } = world([fates("over-quota")])
    const { id } = await gpu.orderLaunch(order)
    expect(await turn(id)).toMatchObject({ is: "settled", order: { state: "failed" } })
    const [kept] = await gpu.orders({ states: ["failed"] })
    expect(kept?.error?.message).not.toBe("")
  })

  test("is cancelled before it has begun; between two looks too", async () => {
    const { gpu, turn, creates } = world([fates("no-capacity")])
    const first = await gpu.orderLaunch(order)
    expect((await gpu.cancelOrder(first.id)).state).toBe("cancelled")
    expect([await turn(first.id), creates]).toEqual([{ is: "over" }, []])
    const second = await gpu.orderLaunch(order)
    await turn(second.id)
    expect((await gpu.cancelOrder(second.id)).state).toBe("cancelled")
    expect(await errorOf(gpu.cancelOrder("nothing"))).toMatchObject({ _tag: "Conflict" })
  })

  test("that is cancelled while a keeper is at it is cancelled unless its machine is made", async () => {
    const { gpu, turn, clock } = world([{ ...fates("no-capacity"), createMs: 5000 }])
    const { id } = await gpu.orderLaunch(order)
    const turning = turn(id)
    await clock.sleep(1000)
    expect(await gpu.cancelOrder(id)).toMatchObject({ state: "started", asked: "cancel" })
    expect(await turning).toMatchObject({ order: { state: "cancelled" } })
  })

  test("holds to what the client that wrote it may spend", async () => {
    const { gpu, turn, alive } = world([fates("boots")], { spendLimit: { perHour: money("0.5"), budget: "agents" } })
    const { id } = await gpu.orderLaunch(order)
    expect(await turn(id)).toMatchObject({ order: { state: "queued", error: { tag: "OutOfFunds" } } })
    expect(alive()).toEqual([])
  })

  test("is made on the clouds that it names, one at a time on each account", async () => {
    const { gpu, turn, machines } = world(two({ createMs: 20_000 }, { createMs: 20_000 }))
    const orders = [
      await gpu.orderLaunch({ ...order, key: "a", clouds: ["other"] }),
      await gpu.orderLaunch({ ...order, key: "b", clouds: ["other", "acme"] }),
      await gpu.orderLaunch({ ...order, key: "c", clouds: ["acme"] }),
      await gpu.orderLaunch({ ...order, key: "d", clouds: ["nowhere"] })
    ]
    const turns = await Promise.all(orders.map(({ id }, index) => turn(id, `keeper ${index}`)))
    expect(turns.map(({ is }) => is)).toEqual(["settled", "elsewhere", "settled", "unknown"])
    expect(machines.map(({ cloud }) => cloud.name).sort()).toEqual(["acme", "other"])
  })

  test.each([
    [{ ttl: undefined }, "ttl"],
    [{ limits: {} }, "limits.maxPerHour"],
    [{ limits: { maxPerHour: 3 } }, "limits.maxPerHour"],
    [{ verify: true }, "verify"],
    [{ strategy: "race" }, "strategy"],
    [{ adapt: () => ({}) }, "adapt"],
    [{ candidates: [] }, "candidates"],
    [{ waitForCapacity: "soon" }, "waitForCapacity"],
    [{ workload: { os: "ubuntu", size: 1 } }, "workload.size"],
    [{ clouds: "vast" }, "clouds"]
  ])("with %o is refused before it is written", async (more, path) => {
    const { gpu } = world([fates("boots")])
    const error = await errorOf(gpu.orderLaunch(untyped({ ...order, ...more })))
    expect(error).toMatchObject({
      _tag: "InvalidRequest",
      issues: expect.arrayContaining([expect.objectContaining({ path })])
    })
    expect(await gpu.orders()).toEqual([])
  })
})
