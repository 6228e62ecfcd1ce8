import { adapterContext } from "@anygpu/conformance"
import { InstanceRef } from "@anygpu/core"
import { fetchTransport, undiciTransport } from "@anygpu/core/adapter"
import { createRunpodSimulator } from "@anygpu/simulators"
import { describe, expect, it } from "vitest"
import { apiKey, problem, world } from "./cloud.test-support.ts"
import pod from "./fixtures/provisioning.json" with { type: "json" }
import { runpod } from "./index.ts"

const ref = new InstanceRef("runpod", "container", pod.id)

/** A pod whose log answers these events, each a line unless it is given as text. */
const logging = (...events: ReadonlyArray<string | object>) => {
  const text = events
    .map((event) => (typeof event === "string" ? event : `id: 1\ndata: ${JSON.stringify(event)}\n\n`))
    .join("")
  return world({
    [`GET /v2/pods/${pod.id}`]: { json: pod },
    [`GET /v2/pods/${pod.id}/logs`]: { text, type: "text/event-stream; charset=utf-8" }
  })
}

const line = (text: string) => ({ ts: "2026-06-01T12:02:03Z", source: "container", line: text })

describe("the log of a pod", () => {
  it("is the lines of the stream, oldest first, and its last ones alone", async () => {
    const { run, containers, to } = logging(line("one"), ": keep-alive\n\n", line("two\n"), line("three"))
    expect((await run(containers.logs(ref, { tail: 2 }))).lines).toEqual(["two", "three"])
    expect(to(`GET /v2/pods/${pod.id}/logs`).map(({ url }) => new URL(url).search)).toEqual([
      "?source=container&tail=2"
    ])
  })

  it("of the host is Runpod's own", async () => {
    const { run, containers, sent } = logging(line("pulled"))
    expect((await run(containers.logs(ref, { source: "host" }))).lines).toEqual(["pulled"])
    expect(sent.at(-1)?.url).toContain("source=system")
  })

  it("is looked through for a text as far as Runpod shows it", async () => {
    const { run, containers, sent } = logging(line("loss 1"), line("x"), line("loss 2"), line("loss 3"), line("y"))
    expect((await run(containers.logs(ref, { containing: "loss", tail: 2 }))).lines).toEqual(["loss 2", "loss 3"])
    expect(sent.at(-1)?.url).toContain("tail=5000")
  })

  it("shows what is no documented event as it came", async () => {
    const { run, containers } = logging("data: plain words\n\n", { level: 3 })
    expect((await run(containers.logs(ref))).lines).toEqual(["plain words", '{"level":3}'])
  })

  it("is refused for more lines than there are, and nothing is sent for it", async () => {
    const { fails, containers, to } = logging()
    expect(await fails(containers.logs(ref, { tail: 5001 }))).toMatchObject({ _tag: "InvalidRequest" })
    expect(to(`GET /v2/pods/${pod.id}/logs`)).toEqual([])
  })

  it("that is no stream is not believed", async () => {
    const routes = { [`GET /v2/pods/${pod.id}`]: { json: pod }, [`GET /v2/pods/${pod.id}/logs`]: { text: "<html>" } }
    const { fails, containers } = world(routes)
    expect(await fails(containers.logs(ref))).toMatchObject({ _tag: "BadResponse" })
  })

  it("of a host that is away is tried again, and said", async () => {
    const routes = { [`GET /v2/pods/${pod.id}`]: { json: pod }, [`GET /v2/pods/${pod.id}/logs`]: problem(502, "away") }
    const { fails, containers, to } = world(routes)
    expect(await fails(containers.logs(ref))).toMatchObject({ _tag: "ProviderFault" })
    expect(to(`GET /v2/pods/${pod.id}/logs`).length).toBeGreaterThan(1)
  })
})

describe("a stream that stays open", () => {
  it("is left when nothing comes any more, in process, on virtual time", async () => {
    const simulator = createRunpodSimulator({ apiKey })
    const { run } = adapterContext(simulator.clock)
    const id = simulator.addMachine()
    simulator.writeLog(id, "epoch 1")
    const { containers } = runpod({ apiKey, transport: fetchTransport(simulator.fetch) }).kinds
    const before = simulator.clock.now()
    const { lines } = await run(containers.logs(new InstanceRef("runpod", "container", id)))
    expect([lines, simulator.clock.now() - before]).toEqual([["epoch 1"], 1000])
    expect((await run(containers.logs(new InstanceRef("runpod", "container", id), { tail: 1 }))).lines).toEqual(lines)
    expect(simulator.clock.now() - before).toBe(1000)
  })

  it("is left over sockets as well, and its connection closed", async () => {
    const simulator = createRunpodSimulator({ apiKey })
    const id = simulator.addMachine()
    for (const text of ["one", "two"]) simulator.writeLog(id, text)
    await using server = await simulator.listen()
    for (const transport of [undiciTransport(), fetchTransport()]) {
      const { containers } = runpod({ apiKey, baseUrl: server.url, transport }).kinds
      const { run } = adapterContext(simulator.clock)
      const { lines } = await run(containers.logs(new InstanceRef("runpod", "container", id), { tail: 2 }))
      expect(lines).toEqual(["one", "two"])
    }
  })
})
