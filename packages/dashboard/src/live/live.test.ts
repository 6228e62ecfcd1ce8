import { memoryCloud } from "@anygpu/memory"
import { memoryLedger, money, Unauthenticated } from "anygpu"
import * as Effect from "effect/Effect"
import { describe, expect, test, vi } from "vitest"
import type { Entry } from "../protocol/index.ts"
import { openDashboard, openStream } from "../testing.test-support.ts"

const rent = { offer: "memory/vm/small", for: "1h", name: "job", os: "ubuntu", owner: "ada", tags: "team=nlp" }
const renting = { allowChanges: true, budget: { budget: "team", total: money("10") } }

type Entries = ReadonlyMap<string, Entry>

const place = "place/memory/vm"
const isIn = (state: string) => (entries: Entries) => {
  const entry = entries.get(place)
  return entry?.is === "place" && entry.state === state
}
const isAnswered = isIn("answered")

/** Whether a cloud has listed a machine. */
const isListed = (ref: string) => (entries: Entries) => {
  const entry = entries.get(`machine/${ref}`)
  return entry?.is === "machine" && entry.machine !== null
}

/** A cloud that takes every question and never answers. */
const silentCloud = () => {
  const cloud = memoryCloud({ name: "silent" })
  const machines = { ...cloud.kinds.machines, list: () => Effect.never, balance: () => Effect.never }
  return { ...cloud, kinds: { machines } }
}

/** A dashboard with one machine. */
const withMachine = async () => {
  const world = await openDashboard(renting)
  const { json } = await world.call("launch", { ...rent, key: "k" })
  return { ...world, ref: String(json.machine.ref) }
}

describe("what is shown live", () => {
  test("is what the ledger knows, before a cloud has answered", async () => {
    await using first = await withMachine()
    await using world = await openDashboard({ clouds: [silentCloud()], ledger: first.ledger })
    const stream = await openStream(world.dashboard, "live")
    const entries = await stream.state((all) => all.has("spent") && all.has(`machine/${first.ref}`))
    expect(entries.get(`machine/${first.ref}`)).toMatchObject({
      machine: null,
      ledger: { name: "job", owner: "ada", tags: { team: "nlp" }, pricePerHour: { amount: "0.4" } }
    })
    expect(entries.get("place/silent/vm")).toMatchObject({ state: "asking" })
  })

  test("is filled in as clouds answer, and is there at once for who comes later", async () => {
    await using world = await withMachine()
    const { dashboard, ref } = world
    await (await openStream(dashboard, "live")).state(isListed(ref))
    const late = await openStream(dashboard, "live")
    const entries = await late.state((all) => all.size > 0)
    expect([...new Set(Array.from(entries.values(), ({ is }) => is))].sort()).toEqual(
      expect.arrayContaining(["budget", "launch", "ledger", "machine", "place", "spent"])
    )
    expect(entries.get("budget/team")).toMatchObject({ limits: { total: { amount: "10" } }, total: { amount: "0.4" } })
    expect(entries.get(`machine/${ref}`)).toMatchObject({ machine: { name: "job", owner: "ada" } })
  })

  test("loses a machine as soon as it is verified gone", async () => {
    await using world = await withMachine()
    const stream = await openStream(world.dashboard, "live")
    await stream.state(isListed(world.ref))
    await world.call("terminate", { ref: world.ref })
    await stream.state((entries) => !entries.has(`machine/${world.ref}`))
  })

  test("says of a cloud that fails what is wrong, and keeps what was known", async () => {
    await using world = await withMachine()
    const stream = await openStream(world.dashboard, "live")
    await stream.state(isListed(world.ref))
    world.cloud.fail("list", new Unauthenticated({ message: "the key is refused", retry: "permanent" }), 9)
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(3))
    world.timers.pass(60_000)
    const entries = await stream.state(isIn("failed"))
    expect(entries.get(place)).toMatchObject({ error: { tag: "Unauthenticated" }, answeredAt: expect.any(String) })
    expect(isListed(world.ref)(entries)).toBe(true)
  })

  test("goes on after a break with what has changed since", async () => {
    await using world = await openDashboard(renting)
    const before = await openStream(world.dashboard, "live")
    const { id } = await before.until(({ data }) => data.set.some(({ is }: Entry) => is === "spent"))
    before.leave()
    const { json } = await world.call("launch", { ...rent, key: "k" })
    const after = await openStream(world.dashboard, "live", { last: id ?? "" })
    const isHis = ({ key }: Entry) => key === `machine/${json.machine.ref}`
    const news = await after.until(({ data }) => data.set.some(isHis))
    expect(news.data.full).toBe(false)
    const stranger = await openStream(world.dashboard, "live", { last: "00000000-7" })
    expect((await stranger.next())?.data.full).toBe(true)
  })
})

test("what another process writes is shown as soon as the ledger says so, and the ledger is left at the end", async () => {
  const listeners = new Set<() => void>()
  const onChange = (listener: () => void) => {
    listeners.add(listener)
    return async () => void listeners.delete(listener)
  }
  const ledger = { ...memoryLedger(), onChange }
  await using world = await openDashboard({ ledger })
  const stream = await openStream(world.dashboard, "live")
  await stream.state(isAnswered)
  await using other = await openDashboard({ clouds: [world.cloud], ledger, ...renting })
  const { json } = await other.call("launch", { ...rent, key: "k" })
  for (const listener of listeners) listener()
  await stream.state((entries) => entries.has(`machine/${json.machine.ref}`))
  stream.leave()
  await vi.waitFor(() => expect(listeners.size).toBe(0))
})

test("two accounts of one cloud have a balance each", async () => {
  const [mine, theirs] = [memoryCloud({ credit: money("5") }), memoryCloud({ name: "other", credit: money("7") })]
  const clouds = [{ ...mine, account: "mine" }, { ...memoryCloud({ credit: money("9") }), account: "team" }, theirs]
  await using world = await openDashboard({ clouds })
  const stream = await openStream(world.dashboard, "live")
  const keys = ["balance/memory/mine", "balance/memory/team", "balance/other"]
  const entries = await stream.state((all) => keys.every((key) => all.has(key)))
  const amounts = keys.map((key) => entries.get(key)).map((one) => one?.is === "balance" && one.available?.amount)
  expect(amounts).toEqual(["5", "9", "7"])
})

describe("looks", () => {
  const lists = ({ cloud }: { readonly cloud: ReturnType<typeof memoryCloud> }) =>
    cloud.calls().filter(({ call }) => call === "list").length

  test("are made once, however many look, and not at all when nobody does", async () => {
    await using world = await openDashboard()
    expect(lists(world)).toBe(0)
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(world.dashboard, "live")))
    await Promise.all(streams.map((stream) => stream.state(isAnswered)))
    expect(lists(world)).toBe(1)
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(3))
    world.timers.pass(30_000)
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(3))
    expect(lists(world)).toBe(2)
    for (const stream of streams) stream.leave()
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(0))
    world.timers.pass(3_600_000)
    expect(lists(world)).toBe(2)
  })

  test("are not made sooner because a page is loaded again", async () => {
    await using world = await openDashboard()
    const first = await openStream(world.dashboard, "live")
    await first.state(isAnswered)
    first.leave()
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(0))
    const second = await openStream(world.dashboard, "live")
    await second.state(isAnswered)
    expect(lists(world)).toBe(1)
  })
})

test("nothing is left open at the end", async () => {
  const world = await openDashboard()
  const streams = [
    await openStream(world.dashboard, "live"),
    await openStream(world.dashboard, "offers/follow", { body: {} })
  ]
  await streams[0]?.state(isAnswered)
  await world.dashboard.close()
  for (const stream of streams) await expect(stream.until(() => false)).rejects.toThrow()
  expect(world.timers.waiting()).toBe(0)
  await expect(fetch(world.dashboard.url)).rejects.toThrow()
})
