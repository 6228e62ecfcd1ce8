import { money } from "anygpu"
import { describe, expect, test, vi } from "vitest"
import type { Reader } from "../events.ts"
import { openDashboard, openStream } from "../testing.test-support.ts"
import { makeAnswers } from "./answers.ts"
import { makeLines } from "./lines.ts"

const all = ({ next }: Reader) => {
  const events = []
  for (let event = next(); event !== null; event = next()) events.push(event)
  return events
}

const at = "2026-12-01T00:00:00.000Z"

describe("an operation that is followed", () => {
  test("is repeated once for all who follow it with the same input, and said when it differs", async () => {
    await using world = await openDashboard()
    const asked = () => world.cloud.calls().filter(({ call }) => call === "offers").length
    const body = { gpu: "H100" }
    const streams = await Promise.all([1, 2, 3].map(() => openStream(world.dashboard, "offers/follow", { body })))
    const first = await Promise.all(streams.map((stream) => stream.next()))
    expect(first).toMatchObject(
      Array(3).fill({ event: "answer", data: { answer: { offers: [{ id: "large" }, { id: "eight" }] } } })
    )
    expect(asked()).toBe(1)
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(1))
    world.timers.pass(30_000)
    expect(await streams[0]?.next()).toMatchObject({ event: "same" })
    world.cloud.setOffers([{ id: "large", gpu: "H100", perHour: "2.40" }])
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(1))
    world.timers.pass(30_000)
    expect(await streams[0]?.next()).toMatchObject({ event: "answer", data: { answer: { offers: [{ id: "large" }] } } })
    for (const stream of streams) stream.leave()
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(0))
  })

  test("is refused before it begins for what it does not take", async () => {
    await using world = await openDashboard()
    const { status, json } = await world.call("offers/follow", { gpus: 1 })
    expect([status, json.error.tag]).toEqual([400, "InvalidRequest"])
  })

  test("says what goes wrong, and goes on", async () => {
    await using world = await openDashboard()
    const { RateLimited } = await import("anygpu")
    world.cloud.fail("offers", new RateLimited({ message: "too often", retry: "temporary" }))
    const stream = await openStream(world.dashboard, "offers/follow", { body: {} })
    expect(await stream.next()).toMatchObject({ event: "problem", data: { error: { tag: "RateLimited" } } })
    await vi.waitFor(() => expect(world.timers.waiting()).toBe(1))
    world.timers.pass(30_000)
    expect(await stream.next()).toMatchObject({ event: "answer" })
  })
})

test("a log goes on with what is new, for each who follows it", async () => {
  await using world = await openDashboard({ allowChanges: true, budget: { total: money("10") } })
  world.cloud.setOffers([{ id: "small", perHour: "0.40", bootMillis: 0 }])
  const order = { offer: "memory/vm/small", for: "1h", name: "job", os: "ubuntu", key: "k" }
  const { ref, id } = (await world.call("launch", order)).json.machine
  world.cloud.print(id, "one", "two")
  const body = { ref, tail: 100 }
  const isLines = ({ event }: { readonly event: string }) => event === "lines"
  const first = await openStream(world.dashboard, "logs/follow", { body })
  expect((await first.until(isLines)).data).toMatchObject({ lines: ["started", "one", "two"], sure: true })
  world.cloud.print(id, "three")
  await vi.waitFor(() => expect(world.timers.waiting()).toBe(1))
  world.timers.pass(5_000)
  expect((await first.until(isLines)).data).toMatchObject({ lines: ["three"], sure: true })
  const second = await openStream(world.dashboard, "logs/follow", { body })
  expect((await second.until(isLines)).data.lines).toEqual(["started", "one", "two"])
  expect((await second.until(isLines)).data.lines).toEqual(["three"])
})

describe("who is slow", () => {
  test("gets the last answer, and not those before", () => {
    const channel = makeAnswers()
    const reader = channel.reader()
    for (let answer = 0; answer < 1000; answer++) channel.say("answer", { at, answer })
    channel.say("same", { at })
    expect(all(reader)).toMatchObject([{ event: "answer", data: { answer: 999 } }, { event: "same" }])
  })

  test("gets the lines that are kept, and hears that there were others", () => {
    const channel = makeLines()
    const reader = channel.reader()
    channel.say("lines", { at, lines: ["first"], sure: true })
    expect(all(reader)).toHaveLength(1)
    const many = Array.from({ length: 1000 }, (_, index) => `line ${index}`)
    for (let part = 0; part < 20; part++) channel.say("lines", { at, lines: many, sure: true })
    const events = all(reader)
    expect(events).toHaveLength(5)
    expect(events.map(({ data }) => "sure" in data && data.sure)).toEqual([false, true, true, true, true])
  })
})
