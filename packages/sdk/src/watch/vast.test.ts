import { fetchTransport } from "@anygpu/core/adapter"
import { createVastSimulator, type VastSimulatorOptions } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { describe, expect, it } from "vitest"
import { createGpu, memoryLedger, money } from "../index.ts"
import type { Change } from "./change.ts"
import { brief, changesFor } from "./watch.test-support.ts"

const minute = 60_000
const list = { method: "GET", path: "/api/v1/instances/" }

/** A simulated Vast, a client of it whose later pages can be broken, and the requests for lists so far. */
const world = (options: VastSimulatorOptions = {}) => {
  const simulator = createVastSimulator(options)
  let hasLaterPages = true
  const transport = fetchTransport((input, init) =>
    hasLaterPages || !String(input).includes("after_token")
      ? simulator.fetch(input, init)
      : Promise.resolve(new Response("down", { status: 500 }))
  )
  const cloud = vast({ apiKey: simulator.apiKey, transport })
  const ledger = memoryLedger()
  const gpu = createGpu({ clouds: [cloud], clock: simulator.clock, ledger })
  const lists = () => simulator.requests().filter(({ path }) => path.startsWith(list.path))
  const { containers, vms } = cloud.kinds
  return {
    ...{ simulator, gpu, lists, containers, vms },
    watch: (milliseconds: number) => changesFor(simulator.clock, [containers], milliseconds, {}, ledger),
    laterPages: (areThere: boolean) => {
      hasLaterPages = areThere
    }
  }
}

const types = (changes: ReadonlyArray<Change>): ReadonlyArray<string> => changes.map(({ type }) => type)

describe("a watch over Vast", () => {
  it("reports the life of a machine: it boots, can be reached, is stopped, starts, is bid for and ends", async () => {
    const { simulator, gpu, watch, lists } = world({ timeline: { ports: 30_000 } })
    const offers = await gpu.offers({ kind: "container", interruptible: true })
    const offer = offers.items.find(({ native }) => JSON.stringify(native).match(/"direct_port_count":[1-9]/))
    if (!offer?.minimumBid) throw new Error("no offer to bid for")
    const bid = offer.minimumBid
    const live = async () => {
      await simulator.clock.sleep(minute)
      const { ref } = await gpu.rent({ offer, name: "job", image: "ubuntu", bid, ports: [{ port: 8080 }] })
      await gpu.waitUntilReady(ref)
      await simulator.clock.sleep(minute)
      await gpu.act(ref, "stop")
      await gpu.waitFor(ref, "stopped")
      await simulator.clock.sleep(minute)
      await gpu.act(ref, "start")
      await gpu.waitUntilReady(ref)
      await simulator.clock.sleep(minute)
      await gpu.act(ref, "changeBid", money(9))
      await simulator.clock.sleep(minute)
      await gpu.terminate(ref)
      return ref
    }
    const [changes, ref] = await Promise.all([watch(20 * minute), live()])
    expect(changes[0]?.type).toBe("appeared")
    expect(changes.at(-1)).toMatchObject({ type: "vanished", ref: { id: ref.id }, instance: { status: "running" } })
    const statuses = changes.flatMap((change) => (change.type === "status" ? [change.instance.status] : []))
    const order = ["running", "stopped", "running"]
    expect(statuses.filter((status) => order.includes(status))).toEqual(order)
    expect(new Set(types(changes))).toEqual(
      new Set(["appeared", "status", "endpoints", "billing", "price", "vanished"])
    )
    const [price] = changes.flatMap((change) => (change.type === "price" ? [change.instance.pricePerHour?.micros] : []))
    expect(price).toBeGreaterThanOrEqual(9e6)
    for (const change of changes) {
      expect("ref" in change && String(change.ref)).toBe(String(ref))
      if ("before" in change) expect(change.before).not.toEqual(change.instance)
    }
    expect(lists().filter(({ status }) => status !== 200)).toEqual([])
  })

  it("asks as often for many machines as for one, beyond the pages", async () => {
    const requests = async (machines: number) => {
      const { simulator, lists, watch } = world({ offers: 400, credit: 10_000 })
      for (let made = 0; made < machines; made++) simulator.addMachine()
      const changes = await watch(10 * minute)
      expect(types(changes)).toEqual(Array.from({ length: machines }, () => "appeared"))
      expect(lists().every(({ status }) => status === 200)).toBe(true)
      expect(simulator.requests()).toHaveLength(lists().length)
      return { rounds: lists().filter(({ path }) => !path.includes("after_token")).length, all: lists().length }
    }
    const [one, page, many] = [await requests(1), await requests(25), await requests(200)]
    expect(one).toEqual({ rounds: 13, all: 13 })
    expect(page).toEqual(one)
    // A look of eight pages takes eight seconds, so that the next one is not begun after ten.
    expect(many).toEqual({ rounds: 12, all: 12 * 8 })
  })

  it("shares the list of the account between the kinds", async () => {
    const { simulator, lists, containers, vms } = world()
    simulator.addMachine()
    simulator.fault({ on: list, times: 1_000, do: { kind: "latency", ms: 300 } })
    await changesFor(simulator.clock, [containers, vms], 10 * minute)
    const both = lists().length
    const alone = world()
    alone.simulator.addMachine()
    alone.simulator.fault({ on: list, times: 1_000, do: { kind: "latency", ms: 300 } })
    await alone.watch(10 * minute)
    expect(both).toBeLessThanOrEqual(alone.lists().length + 2)
  })

  it("survives an outage during which everything changed", async () => {
    const { simulator, watch } = world({ credit: 100 })
    const [stays, stops, ends] = [simulator.addMachine(), simulator.addMachine(), simulator.addMachine()]
    const happen = async () => {
      await simulator.clock.sleep(5 * minute)
      const disarm = simulator.fault({ on: list, times: 1_000, do: { kind: "status", status: 502, text: "down" } })
      await simulator.clock.sleep(minute)
      simulator.exitContainer(stops)
      const gone = { method: "DELETE", headers: { authorization: `Bearer ${simulator.apiKey}` } }
      await simulator.fetch(`${simulator.origin}/api/v0/instances/${ends}/`, gone)
      const comes = simulator.addMachine()
      await simulator.clock.sleep(10 * minute)
      disarm()
      return comes
    }
    const [changes, comes] = await Promise.all([watch(25 * minute), happen()])
    const during = changes.slice(3).map(brief)
    expect(during.slice(0, 2)).toEqual(["stale vast", "resumed vast"])
    expect(during.filter((said) => said.endsWith(` ${stays}`))).toEqual([])
    expect(during.filter((said) => said.startsWith("appeared"))).toEqual([`appeared ${comes}`])
    expect(during.filter((said) => said.startsWith("vanished"))).toEqual([`vanished ${ends}`])
    expect(during.filter((said) => said.startsWith(`status ${stops}:`))).toHaveLength(1)
    expect(new Set(during).size).toBe(during.length)
  })

  it("lets nothing vanish because a page cannot be read, and says so once", async () => {
    const { simulator, watch, laterPages } = world({ offers: 200, credit: 1_000 })
    for (let made = 0; made < 40; made++) simulator.addMachine()
    const happen = async () => {
      await simulator.clock.sleep(2 * minute)
      laterPages(false)
      await simulator.clock.sleep(10 * minute)
      laterPages(true)
    }
    const [changes] = await Promise.all([watch(20 * minute), happen()])
    expect(types(changes.slice(40))).toEqual(["incomplete", "resumed"])
  })

  it("stops at once while a request hangs", async () => {
    const { simulator, watch, lists } = world()
    simulator.fault({ on: list, do: { kind: "hang" } })
    expect(await watch(5_000)).toEqual([])
    expect(lists().map(({ status }) => status)).toEqual(["lost"])
    await simulator.clock.sleep(10 * minute)
    expect(lists()).toHaveLength(1)
  })
})
