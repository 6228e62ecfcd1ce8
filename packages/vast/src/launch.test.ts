import { inspect } from "node:util"
import { hourlyCost, money, splitMarker, waitUntilReady } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { otherKey, publicKey, sameKey, simulated } from "./cloud.test-support.ts"

const asks = { method: "PUT", path: "/api/v0/asks/{id}/" } as const
const creates = (lines: ReadonlyArray<string>) => lines.filter((line) => line.startsWith("PUT /api/v0/asks/"))
const soldOut = {
  kind: "refuse",
  error: "resources_unavailable",
  msg: "Required resources are currently unavailable"
} as const

describe("a launch", () => {
  it("rents once, answers before the machine runs, and becomes ready", async () => {
    const { launch, run, containers, alive, lines, sent } = simulated()
    const machine = await launch({ ports: [{ port: 8000 }], env: { TOKEN: "env-secret-1" } })
    expect(machine).toMatchObject({ status: "provisioning", billing: "storage", name: "job" })
    const ready = await run(waitUntilReady(containers, machine.ref))
    expect(ready).toMatchObject({ status: "running", billing: "compute" })
    expect(ready.endpoints.ssh.map(({ via }) => via)).toEqual(["direct", "proxy"])
    expect(ready.endpoints.ports).toMatchObject([{ port: 8000, protocol: "tcp" }])
    expect(creates(lines())).toHaveLength(1)
    expect(alive()).toHaveLength(1)
    expect(alive()[0]?.label).toBe(`job-${machine.marker}`)
    expect(inspect([machine, ready], { depth: 9 })).not.toContain("env-secret-1")
    expect(sent.every(({ headers }) => headers.authorization?.startsWith("Bearer "))).toBe(true)
  })

  it("is within a limit that is its offer's own price with its disk, whichever way the cloud rounds", async () => {
    const { containers, run, fails, alive } = simulated({ offers: 200, credit: 10_000, rateLimits: false })
    const { items } = await run(containers.offers())
    const diskMiB = 30 * 1024
    for (const offer of items.slice(0, 60)) {
      const spec = { offer, name: "job", image: "ubuntu:22.04", diskMiB }
      const maxPerHour = hourlyCost(spec)
      if (!maxPerHour) throw new Error(`${offer.id} has no price`)
      await run(containers.launch({ ...spec, maxPerHour }))
      const less = { ...maxPerHour, micros: maxPerHour.micros - 10 }
      expect((await fails(containers.launch({ ...spec, maxPerHour: less })))._tag).toBe("OutOfFunds")
    }
    expect(alive()).toHaveLength(60)
  })

  it("refused for its bid leaves no stopped machine behind", async () => {
    const { simulator, fails, containers, spec, alive, ledger, run } = simulated()
    simulator.fault({ on: asks, do: { ...soldOut, made: true } })
    const error = await fails(containers.launch(await spec({ bid: money(5) })))
    expect(error._tag).toBe("NoCapacity")
    expect(error.leftovers ?? []).toEqual([])
    expect(simulator.machines()).toHaveLength(1)
    expect(alive()).toEqual([])
    expect(await run(ledger.launches({ states: ["open", "unsettled"] }))).toEqual([])
  })

  it("with a bid below the least is NoCapacity and makes nothing", async () => {
    const { simulator, fails, containers, spec } = simulated()
    expect((await fails(containers.launch(await spec({ bid: money("0.001") }))))._tag).toBe("NoCapacity")
    expect(simulator.machines()).toEqual([])
  })

  it("that wants more ports than the machine has is refused before it is sent", async () => {
    const { run, fails, containers, lines } = simulated({ offers: 200 })
    const { items } = await run(containers.offers())
    const closed = items.find(({ native }) => JSON.stringify(native).includes('"direct_port_count":0,'))
    if (!closed) throw new Error("every machine has open ports")
    const error = await fails(containers.launch({ offer: closed, name: "job", image: "a", ports: [{ port: 80 }] }))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "ports" }] })
    expect(creates(lines())).toEqual([])
  })

  it("names the machine of a refused launch that could not be ended", async () => {
    const { simulator, fails, containers, spec } = simulated()
    simulator.fault({ on: asks, do: { ...soldOut, made: true } })
    simulator.fault({ on: { method: "DELETE" }, times: 999, do: { kind: "status", status: 500 } })
    const error = await fails(containers.launch(await spec()))
    expect(error._tag).toBe("NoCapacity")
    expect(error.leftovers?.map(String)).toEqual([`vast/container/${simulator.machines()[0]?.id}`])
  })

  it("of an offer that is taken is NoCapacity, sent once", async () => {
    const { simulator, fails, containers, spec, alive, lines } = simulated()
    const taken = await spec()
    simulator.takeOffer(Number(taken.offer.id))
    expect(await fails(containers.launch(taken))).toMatchObject({ _tag: "NoCapacity", retry: "permanent" })
    expect([alive().length, creates(lines()).length]).toEqual([0, 1])
  })

  it.each([404, 410, 400] as const)("of an offer that is gone is NoCapacity (%i)", async (status) => {
    const { simulator, fails, containers, spec, lines } = simulated()
    simulator.fault({ on: asks, do: { kind: "capacity", status } })
    expect((await fails(containers.launch(await spec())))._tag).toBe("NoCapacity")
    expect(creates(lines())).toHaveLength(1)
  })

  it.each([
    ["whose answer is lost", { kind: "reset-after" }],
    ["whose answer never comes", { kind: "hang", effect: true }],
    ["answered with a web page", { kind: "malformed", text: "<html>502</html>" }],
    ["whose answer is cut", { kind: "truncate" }]
  ] as const)("%s is found by its marker, not sent again", async (_, fault) => {
    const { simulator, launch, alive, lines } = simulated()
    simulator.fault({ on: asks, do: fault })
    const machine = await launch()
    expect(alive().map(({ id }) => String(id))).toEqual([machine.ref.id])
    expect(creates(lines())).toHaveLength(1)
  })

  it.each([
    ["refused with 200", { kind: "refuse", error: "busy", msg: "the host said no" }],
    ["answered with a 502 page", { kind: "status", status: 502, text: "<html></html>", contentType: "text/html" }],
    ["that never arrived", { kind: "reset-before" }]
  ] as const)("%s made nothing, and says so after looking", async (_, fault) => {
    const { simulator, fails, containers, spec, alive, lines } = simulated()
    simulator.fault({ on: asks, do: fault })
    const error = await fails(containers.launch(await spec()))
    expect(error.message).toContain("No machine with the marker")
    expect([alive().length, creates(lines()).length]).toEqual([0, 1])
    expect(lines().filter((line) => line.startsWith("GET /api/v1/instances/")).length).toBeGreaterThan(2)
  })

  it("waits as long as Vast wants after a 429, and then rents once", async () => {
    const { simulator, launch, alive } = simulated()
    simulator.fault({
      on: asks,
      do: { kind: "status", status: 429, json: { detail: "API requests too frequent endpoint threshold=12.0" } }
    })
    await launch()
    const [first, second] = simulator.requests().filter(({ path }) => path.startsWith("/api/v0/asks/"))
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(12_000)
    expect(alive()).toHaveLength(1)
  })

  it("without credit is OutOfFunds", async () => {
    const { simulator, fails, containers, spec } = simulated()
    const wanted = await spec()
    simulator.addCredit(-100)
    expect((await fails(containers.launch(wanted)))._tag).toBe("OutOfFunds")
  })

  it("shows no password, also when Vast repeats it by itself", async () => {
    const { simulator, fails, containers, spec } = simulated()
    const registry = { host: "docker.io", username: "me", password: "registry-pass-77" }
    simulator.fault({
      on: asks,
      do: { kind: "status", status: 400, json: { msg: "login with registry-pass-77 failed" } }
    })
    const error = await fails(containers.launch({ ...(await spec()), registry }))
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("registry-pass-77")
  })
})

describe("keys of a launch", () => {
  const posted = (lines: ReadonlyArray<string>) => lines.filter((line) => line.startsWith("POST /api/v0/ssh/"))

  it("are registered before it, once per key whatever its comment", async () => {
    const { launch, lines, run, containers } = simulated()
    await launch({ sshKeys: [publicKey] })
    await launch({ sshKeys: [sameKey] })
    await launch({ sshKeys: [sameKey, otherKey] })
    expect(posted(lines())).toHaveLength(2)
    const order = lines().map((line) => line.split(" ").slice(0, 2).join(" "))
    expect(order.indexOf("POST /api/v0/ssh/")).toBeLessThan(
      order.findIndex((line) => line.startsWith("PUT /api/v0/asks/"))
    )
    expect((await run(containers.sshKeys())).items.map(({ publicKey: text }) => text)).toEqual([publicKey, otherKey])
  })

  it("are registered once by launches at the same time", async () => {
    const { containers, lines, run, simulator, spec } = simulated()
    simulator.fault({ on: { method: "POST", path: "/api/v0/ssh/" }, do: { kind: "latency", ms: 5000 } })
    const wanted = await spec({ sshKeys: [publicKey] })
    const second = (await run(containers.offers())).items.find(({ id }) => id !== wanted.offer.id)
    if (!second) throw new Error("one offer only")
    await Promise.all([run(containers.launch(wanted)), run(containers.launch({ ...wanted, offer: second }))])
    expect(posted(lines())).toHaveLength(1)
  })

  it("are required by VMs, before anything is sent", async () => {
    const { vms, run, fails, sent, alive } = simulated()
    const [offer] = (await run(vms.offers({ limit: 1 }))).items
    if (!offer) throw new Error("no VM offers")
    const before = sent.length
    for (const keys of [{}, { sshKeys: [] }]) {
      expect(await fails(vms.launch({ offer, name: "box", os: "ubuntu_22.04", ...keys }))).toMatchObject({
        _tag: "InvalidRequest",
        issues: [{ path: "sshKeys" }]
      })
    }
    expect(sent.length).toBe(before)
    const machine = await run(vms.launch({ offer, name: "box", os: "ubuntu_22.04", sshKeys: [publicKey] }))
    expect(machine.ref.kind).toBe("vm")
    expect(machine.actions).not.toContain("attachSshKey")
    expect((await run(vms.list())).items.map(({ ref }) => ref.id)).toEqual([machine.ref.id])
    expect(alive()).toHaveLength(1)
  })
})

test("a second process with the same ledger and key answers the machine of the first", async () => {
  const { containers, run, spec, alive } = simulated()
  const wanted = { ...(await spec()), key: "nightly" }
  const first = await run(containers.launch(wanted))
  const second = await run(containers.launch(wanted))
  expect(String(second.ref)).toBe(String(first.ref))
  expect(alive()).toHaveLength(1)
})

test("the name on the label is the name of the machine, and the marker stays through a rename", async () => {
  const { launch, run, containers, alive } = simulated()
  const { ref, marker } = await launch()
  const renamed = await run(containers.rename(ref, "better name"))
  expect(renamed).toMatchObject({ name: "better name", marker })
  expect(splitMarker(alive()[0]?.label ?? "")).toEqual({ name: "better name", marker })
})
