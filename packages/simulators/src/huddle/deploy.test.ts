import { describe, expect, it } from "vitest"
import { createHuddleSimulator } from "../index.ts"
import { createHuddleClient } from "../testing/huddle.ts"

describe("deploy", () => {
  it.each(["cluster_type", "image", "hostname", "ssh_key_ids", "location"])("needs %s", async (field) => {
    const { simulator, deploy } = createHuddleClient()
    for (const value of [undefined, null, "", []]) {
      const refused = await deploy({ [field]: value })
      expect(refused).toEqual({
        status: 400,
        body: { code: "BAD_REQUEST", error: `Missing required field: ${field}` }
      })
    }
    expect(simulator.machines()).toEqual([])
  })

  it.each([
    ["an unknown type", { cluster_type: "9X1" }],
    ["an unknown image", { image: "none" }],
    ["a long hostname", { hostname: "x".repeat(256) }],
    ["an unknown key", { ssh_key_ids: ["sk_none"] }],
    ["keys of another type", { ssh_key_ids: [7] }],
    ["an unknown location", { location: "FIN-99" }],
    ["a large boot disk", { os_volume: { name: "boot", size: 513 } }],
    ["a boot disk of another type", { os_volume: 100 }],
    ["half a gigabyte", { volumes: [{ name: "data", size: 0.5, type: "NVMe" }] }],
    ["a volume without a name", { volumes: [{ size: 5, type: "NVMe" }] }],
    ["an unknown volume type", { volumes: [{ name: "data", size: 5, type: "Tape" }] }],
    ["volumes of another type", { volumes: "data" }]
  ])("refuses %s", async (_, more) => {
    const { simulator, deploy } = createHuddleClient()
    expect(await deploy(more)).toMatchObject({ status: 400, body: { code: "BAD_REQUEST" } })
    expect(simulator.machines()).toEqual([])
  })

  it("takes what is documented at its limits", async () => {
    const { deploy, simulator } = createHuddleClient()
    const volumes = [{ name: "data", size: 500, type: "NVMe" }]
    const made = await deploy({
      hostname: "x".repeat(255),
      os_volume: { name: "boot", size: 512 },
      volumes,
      image: "ubuntu-22.04-cuda-12.4-cluster"
    })
    expect(made).toMatchObject({ status: 200, body: { code: "OK", data: { volumes, os_name: "Ubuntu 22.04" } } })
    expect(simulator.volumes().map(({ size, isOs }) => [size, isOs])).toEqual([
      [512, true],
      [500, false]
    ])
  })

  it("refuses what is no JSON", async () => {
    expect((await createHuddleClient().call("POST", "/deployments/clusters", "{")).status).toBe(400)
  })

  it("needs twenty dollars, and not a cent more", async () => {
    const { deploy, simulator } = createHuddleClient({ credit: 19.99 })
    expect(await deploy()).toMatchObject({ status: 402, body: { code: "INSUFFICIENT_CREDITS" } })
    simulator.addCredit(0.01)
    expect((await deploy()).status).toBe(200)
  })

  it("is a conflict where the type has no capacity or isn't offered", async () => {
    const { deploy, simulator } = createHuddleClient()
    const conflict = { status: 409, body: { code: "CONFLICT" } }
    expect(await deploy({ location: "FIN-03" })).toMatchObject(conflict)
    simulator.takeCapacity("1H100.80S.30V", "FIN-01")
    expect(await deploy({ cluster_type: "1H100.80S.30V" })).toMatchObject(conflict)
    expect((await deploy({ cluster_type: "1H100.80S.30V", location: "FIN-03" })).status).toBe(200)
  })
})

describe("idempotency", () => {
  const key = { "Idempotency-Key": "unique-request-id" }

  it("replays the first answer, stale as it is, and makes nothing more", async () => {
    const { deploy, simulator, sleep, show } = createHuddleClient()
    const first = await deploy({}, key)
    await sleep(200_000)
    expect(await deploy({}, key)).toEqual(first)
    expect((await show(first.body.data.id)).status).toBe("running")
    expect(first.body.data.status).toBe("ordered")
    expect((await deploy({}, { "Idempotency-Key": "another" })).body.data.id).not.toBe(first.body.data.id)
    await deploy()
    expect(simulator.machines()).toHaveLength(3)
    expect(simulator.requests().at(-1)).not.toHaveProperty("idempotencyKey")
  })

  it("replays after an answer that was lost", async () => {
    const { deploy, simulator } = createHuddleClient()
    simulator.fault({ on: { path: "/api/v1/deployments/clusters" }, do: { kind: "reset-after" } })
    await expect(deploy({}, key)).rejects.toThrow("fetch failed")
    const { body } = await deploy({}, key)
    expect(simulator.machines().map(({ id }) => id)).toEqual([body.data.id])
  })

  it("refuses another body under the same key", async () => {
    const { deploy, simulator } = createHuddleClient()
    await deploy({}, key)
    expect(await deploy({ hostname: "other" }, key)).toMatchObject({ status: 400, body: { code: "BAD_REQUEST" } })
    expect(simulator.machines()).toHaveLength(1)
  })

  it("replays refusals, unless switched off", async () => {
    for (const keepRefusals of [true, false]) {
      const { deploy, simulator } = createHuddleClient({ choices: { keepRefusals } })
      simulator.takeCapacity("1A100.22V")
      expect((await deploy({}, key)).status).toBe(409)
      simulator.freeCapacity("1A100.22V")
      expect((await deploy({}, key)).status).toBe(keepRefusals ? 409 : 200)
    }
  })

  it("counts for deletes and actions of one deployment each, and is forgotten after a day", async () => {
    const { simulator, call, deploy, sleep, machine } = createHuddleClient()
    const ids = [simulator.addMachine(), simulator.addMachine()]
    for (const id of ids) expect((await call("DELETE", `/deployments/${id}`, undefined, key)).status).toBe(204)
    await sleep(700_000)
    const [first = ""] = ids
    expect(machine(first)?.state).toBe("deleted")
    expect((await call("DELETE", `/deployments/${first}`, undefined, key)).status).toBe(204)
    expect((await call("DELETE", `/deployments/${first}`)).status).toBe(404)
    const { id } = (await deploy({}, key)).body.data
    await sleep(86_400_000)
    expect((await deploy({}, key)).body.data.id).not.toBe(id)
  })

  it("doesn't count elsewhere", async () => {
    const { call } = createHuddleClient()
    const join = () => call("POST", "/deployments/requests", { cluster_type: "1A100.22V" }, key)
    expect((await join()).body.data.id).not.toBe((await join()).body.data.id)
  })
})

describe("the list", () => {
  it("pages newest first, each deployment once, whatever is added meanwhile", async () => {
    const { simulator, call } = createHuddleClient({ credit: 1000 })
    const ids = Array.from({ length: 45 }, () => simulator.addMachine())
    const seen: string[] = []
    let path = "/deployments?limit=10"
    for (;;) {
      const { data, meta } = (await call("GET", path)).body.data
      seen.push(...data.map(({ id }: { id: string }) => id))
      expect(meta.has_more).toBe(meta.next_cursor !== null)
      if (!meta.has_more) break
      simulator.addMachine()
      path = `/deployments?limit=10&cursor=${meta.next_cursor}`
    }
    expect(seen).toEqual(ids.toReversed())
    expect((await call("GET", "/deployments")).body.data.data).toHaveLength(20)
    expect((await call("GET", "/deployments?limit=100")).body.data).toMatchObject({
      meta: { total: 49, has_more: false, next_cursor: null }
    })
    expect((await call("GET", "/deployments?cursor=none")).status).toBe(400)
  })

  it("filters by status", async () => {
    const { simulator, call } = createHuddleClient()
    const [running, offline] = [simulator.addMachine(), simulator.addMachine({ state: "offline" })]
    const ids = async (status: string) =>
      (await call("GET", `/deployments?status=${status}`)).body.data.data.map(({ id }: { id: string }) => id)
    expect([await ids("running"), await ids("offline"), await ids("error")]).toEqual([[running], [offline], []])
  })
})

it("continues a stored world: deployments, money, capacity, keys and replays", async () => {
  const { simulator, deploy, order } = createHuddleClient({ seed: 42, credit: 70 })
  const headers = { "Idempotency-Key": "k", "x-api-key": simulator.apiKey }
  const first = await deploy({}, headers)
  simulator.addMachine({ state: "ordered" })
  const again = createHuddleSimulator({ snapshot: simulator.snapshot(), timeline: { jitter: 0 } })
  const other = createHuddleSimulator({ snapshot: simulator.snapshot(), timeline: { jitter: 0 } })
  const replay = await again.fetch(`${again.origin}/api/v1/deployments/clusters`, {
    ...{ method: "POST", headers, body: JSON.stringify(await order()) }
  })
  expect(await replay.json()).toEqual(first.body)
  for (const { clock } of [again, other]) await clock.sleep(3_600_000)
  expect(again.machines()).toEqual(other.machines())
  expect(again.machines()).toMatchObject([{ state: "running" }, { state: "running" }])
  expect(again.balance()).toBe(other.balance())
  expect(() => createHuddleSimulator({ snapshot: "{}" })).toThrow("snapshot version")
})
