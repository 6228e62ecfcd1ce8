import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { type Answer, createClient } from "./client.test-support.ts"

/** The documented example payloads. */
const documented = JSON.parse(readFileSync(new URL("./fixtures/payloads.json", import.meta.url), "utf8"))

const kindOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value)

/** What may be null although its example is not, and what the example shows as null and is text otherwise. */
const nullable = new Set(["domain", "network", "uri", "startup_command", "next_billing_period", "ssh_connection"])

/** Objects of free form, which differ from item to item. */
const free = new Set(["details", "metadata", "ctx"])

/** The same keys and the same types, all the way down; each item of a list is like one of the example's. */
const expectSameShape = (actual: Answer["body"], example: Answer["body"], path = "answer"): void => {
  const name = path.split(".").at(-1) ?? ""
  if (nullable.has(name) && (actual === null || example === null)) return
  expect([path, kindOf(actual)]).toEqual([path, kindOf(example)])
  if (Array.isArray(actual)) {
    if (example.length > 0) for (const item of actual) expectSameShape(item, closest(item, example), `${path}[]`)
    return
  }
  if (typeof actual !== "object" || actual === null || free.has(name)) return
  expect([path, Object.keys(actual).sort()]).toEqual([path, Object.keys(example).sort()])
  for (const key of Object.keys(example)) expectSameShape(actual[key], example[key], `${path}.${key}`)
}

/** The example item of the same `type`, or the first. */
const closest = (item: Answer["body"], examples: Answer["body"][]) =>
  examples.find((example) => example?.type !== undefined && example.type === item?.type) ?? examples[0]

const { containers, vms, deploy, errors, plans, cpu, keys } = documented

describe("documented payloads of the GPU family", () => {
  it("plans", async () => {
    const { get } = createClient()
    const listed = await get("/gpu/plans/")
    expectSameShape(listed, plans.containers)
    const { id: _, ...first } = plans.containers[0].plan
    expect(listed[0]).toMatchObject({ plan: first, attributes: plans.containers[0].attributes })
    for (const kind of ["vms", "baremetal"]) expectSameShape(await get(`/gpu/plans/${kind}`), plans.vms)
    const [group] = (await get("/gpu/plans/vms")).data
    expect(group).toMatchObject({ gpu_model: plans.vms.data[0].gpu_model, minimum_price: 0.99 })
    const [count] = group.availability_by_number
    const { options: __, ...totals } = plans.vms.data[0].availability_by_number[0]
    expect(count).toMatchObject(totals)
  })

  it("deployments: every example body makes an instance", async () => {
    const { call, get } = createClient()
    const [{ plan }] = await get("/gpu/plans/")
    const option = (await get("/gpu/plans/vms")).data[1].availability_by_number[0].options[0]
    const bodies = [
      ["/gpu/instances/", { ...deploy.container, plan_id: plan.id }],
      ["/gpu/instances/", { ...deploy.short, plan_id: plan.id }],
      ["/gpu/instances/", { plan_id: plan.id, name: "private", ...deploy.privateImage }],
      ["/gpu/instances/vms", { ...deploy.os, plan_id: option.id }]
    ] as const
    for (const [path, body] of bodies) {
      const made = await call("POST", path, body)
      expect(made.status).toBe(200)
      expectSameShape(made.body, deploy.answer)
    }
  })

  it.each(["container", "vm", "baremetal"] as const)("%s: rows in every phase", async (kind) => {
    const { get, call, simulator } = createClient()
    const example = kind === "container" ? containers : vms
    const path = `/gpu/instances/${kind === "container" ? "" : `${kind === "vm" ? "vms" : kind}`}`
    const id = simulator.addMachine({ kind, state: "fresh" })
    const one = `${path.replace(/\/$/, "")}/${id}`
    const seen = []
    for (const ms of [0, 120_000, 8000, 20_000]) {
      await simulator.clock.sleep(ms)
      expectSameShape(await get(path), example.list)
      const detail = await get(one)
      expectSameShape(detail, example.active)
      seen.push(detail.network === null ? "no network" : detail.network.domain)
    }
    expect(seen).toEqual(["no network", null, expect.stringContaining("."), expect.stringContaining(".")])
    expect((await call("DELETE", one)).status).toBe(204)
    await simulator.clock.sleep(60_000)
    const ended = await get(one)
    expectSameShape(ended, example.ended)
    expect(ended.billing).toMatchObject({ hourly_usage: 0, reserved_amount: 0, next_billing_period: null })
    expect([ended.network, (await get(path))[0].domain]).toEqual([null, null])
  })

  it("update and rename: the example bodies are taken", async () => {
    const { call, get, simulator } = createClient()
    const id = simulator.addMachine()
    expect((await call("PUT", `/gpu/instances/${id}`, containers.update)).status).toBe(204)
    await simulator.clock.sleep(60_000)
    const row = await get(`/gpu/instances/${id}`)
    expect(row.name).toBe(containers.update.name)
    expect(row.container_info).toMatchObject({
      image: containers.update.container_settings.image,
      startup_command: containers.update.container_settings.startup_command,
      environment: [
        ...containers.update.container_settings.environment,
        { name: "SSH_PUBKEY", value: containers.update.ssh_key }
      ]
    })
    const vm = simulator.addMachine({ kind: "vm" })
    expect((await call("PUT", `/gpu/instances/vms/${vm}`, vms.rename)).status).toBe(204)
    expect((await get(`/gpu/instances/vms/${vm}`)).name).toBe(vms.rename.name)
  })

  it("logs and events: the lines, but for the names of pod and node", async () => {
    const { get, simulator } = createClient()
    const id = simulator.addMachine()
    const anonymous = (lines: string[]) =>
      lines.map((line) => line.replace(/service-1-[0-9a-z]+-[0-9a-z]+/, "pod").replace(/node\d/, "node"))
    expect(anonymous(await get(`/gpu/instances/${id}/logs?last=50`))).toEqual(anonymous(containers.logs))
    expect(anonymous(await get(`/gpu/instances/${id}/events?last=10`))).toEqual(anonymous(containers.events))
  })

  it("errors: word for word", async () => {
    const { call, get, simulator } = createClient({ credit: 3 })
    const refused = await simulator.fetch(`${simulator.origin}/gpu/plans/`, { headers: { "X-API-KEY": "wrong" } })
    expect([refused.status, await refused.json()]).toEqual([403, errors.key])
    const [{ plan }] = await get("/gpu/plans/")
    const poor = await call("POST", "/gpu/instances/", { ...deploy.short, plan_id: plan.id })
    expect([poor.status, poor.body]).toEqual([400, errors.balance])
    const expose = [{ port: "999999999" }]
    const settings = { ...deploy.short.container_settings, expose }
    const wrong = await call("POST", "/gpu/instances/", { ...deploy.short, container_settings: settings })
    expect([wrong.status, wrong.body]).toEqual([422, errors.validation])
    const a100 = (await get("/gpu/plans/vms")).data[1].availability_by_number[0].options[0]
    const os = { ...deploy.os, plan_id: a100.id, os_image: "Ubuntu Server 2.04" }
    const image = await call("POST", "/gpu/instances/vms", os)
    expect([image.status, image.body]).toEqual([400, errors.os])
  })
})

describe("documented payloads of the CPU family", () => {
  it.each(["v2", "v3"] as const)("the list of %s, and a machine its provider ended", async (version) => {
    const { get, simulator } = createClient()
    const id = simulator.addMachine({ kind: "cpu-vm", planId: "cpu-2-ram-4gb-storage-25gb@FR-PAR-1" })
    await simulator.clock.sleep(5000)
    const [row] = await get(`/vms/${version}`)
    const { statusChangedAt, ...documented } = row
    expectSameShape(documented, cpu[version])
    expect(statusChangedAt).toEqual(version === "v3" ? expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/) : undefined)
    const { pricePerEpoch, reservedBalance, totalSpent, datacenter } = cpu[version]
    expect(row).toMatchObject({ pricePerEpoch, reservedBalance, totalSpent, datacenter })
    const sizes = (resources: Answer["body"][]) =>
      resources.map(({ type, quantity, supply, units }) => ({ type, quantity, supply, units }))
    expect(sizes(row.resources)).toEqual(sizes(cpu[version].resources))
    simulator.providerTerminates(id)
    const [{ statusChangedAt: _, ...ended }] = await get(`/vms/${version}`)
    expectSameShape({ ...ended, resources: [] }, cpu.terminated)
    expect(ended).toMatchObject({ status: "Terminated", datacenter: null, publicIp: null, reservedBalance: "2.4352" })
  })

  it("create, update and delete: the example bodies are taken", async () => {
    const { call, get, simulator } = createClient()
    for (const body of cpu.create) {
      const made = await call("POST", "/vms/v3", body)
      expect(made.status).toBe(200)
      expect(made.body).toHaveLength(body.instances)
      expectSameShape(made.body, cpu.created)
    }
    await simulator.clock.sleep(5000)
    const [{ id }] = await get("/vms/v3")
    for (const body of cpu.patchV2) {
      expect((await call("PATCH", "/vms/v2", { ...body, id })).status).toBe(204)
      const [row] = await get("/vms/v2")
      if (body.openPorts) expect(row.ports).toEqual(body.openPorts)
      if (body.vmName) expect(row.vmName).toBe(body.vmName)
    }
    const updates = [{ ...cpu.patchV3.updates[0], id }]
    expect((await call("PATCH", "/vms/v3", { updates })).status).toBe(204)
    expect((await get("/vms/v3"))[0].ports).toEqual(cpu.patchV3.updates[0].openPorts)
    const gone = await call("DELETE", "/vms/v3", { vmIds: [id.toUpperCase().replace("0X", "0x")] })
    expect([gone.status, gone.body.removed_ids]).toEqual([200, [id]])
    expect((await call("DELETE", "/vms/v3", cpu.delete)).status).toBe(200)
  })

  it("the marketplace", async () => {
    const { call, get } = createClient()
    for (const search of [...cpu.searches, {}]) {
      const { status, body } = await call("POST", "/marketplace/offers", search)
      expect(status).toBe(200)
      expect(body.length).toBeGreaterThan(0)
      const [first] = cpu.offer.resources
      for (const offer of body)
        expectSameShape(
          { ...offer, resources: offer.resources.slice(0, 2) },
          { ...cpu.offer, resources: [first, first] }
        )
    }
    expect(await get("/marketplace/basic_configurations")).toEqual(cpu.configurations)
    expect(cpu.countries).toEqual(expect.arrayContaining(await get("/marketplace/countries")))
    expectSameShape(await get("/marketplace/hardware"), cpu.hardware)
    expectSameShape(await get("/vms/v3/default_images"), cpu.images)
    const estimated = await call("POST", "/vms/v3/estimate", cpu.estimate)
    expectSameShape(estimated.body, cpu.estimated)
    // Three of the cheapest, each with 20 GiB: 0.30698 + 20 * 0.00001.
    expect(estimated.body).toEqual({
      ...{ depositAmountUsdc: "1.84308", depositEpochs: 2, instances: 3 },
      ...{ totalPricePerEpoch: "0.92154", maxPricePerEpoch: "0.30718" }
    })
  })

  it("no capacity: word for word", async () => {
    const { call } = createClient()
    const [body] = cpu.create
    const nowhere = { constraints: { datacenter: { countries: ["LT"] } } }
    for (const path of ["/vms/v3", "/vms/v3/estimate"]) {
      const none = await call("POST", path, { ...body, ...nowhere })
      expect([none.status, none.body]).toEqual([422, errors.noOffer])
      const few = await call("POST", path, { ...body, instances: 100 })
      expect([few.status, few.body]).toEqual([422, errors.fewOffers])
    }
  })
})

it("documented payloads of SSH keys", async () => {
  const { call, get, simulator } = createClient()
  const line: string = keys.added.public_key
  const added = await call("POST", "/ssh_keys", { name: "first", publicKey: line })
  expect([added.status, added.body]).toEqual([201, keys.added])
  const again = await call("POST", "/ssh_keys", { name: "second", publicKey: line })
  expect([again.status, again.body]).toEqual([200, keys.added])
  for (const body of keys.requests) expect((await call("POST", "/ssh_keys", body)).status).toBeLessThan(202)
  const listed = await get("/ssh_keys")
  expectSameShape(listed, keys.list)
  expect(listed.map((key: Answer["body"]) => key.name)).toEqual(["first", "name"])
  expect(listed[0].createdAt).toMatch(/^\+00\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  expect(new Date(listed[0].createdAt).getTime()).toBe(simulator.clock.now())
  expect((await call("DELETE", "/ssh_keys", keys.delete)).status).toBe(200)
  expect((await get("/ssh_keys")).map((key: Answer["body"]) => key.name)).toEqual(["name"])
  expect((await call("DELETE", "/ssh_keys", keys.delete)).status).toBe(404)
})
