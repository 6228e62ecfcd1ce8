import { describe, expect, it } from "vitest"
import { createClient, publicKey } from "../client.test-support.ts"

const started = { timeline: { jitter: 0, provisioning: 120_000, network: 8000, starting: 20_000 } }

describe("a deployment", () => {
  it("takes two to three minutes with its jitter", async () => {
    const lengths = []
    for (let seed = 1; seed <= 20; seed++) {
      const { deploy, get, simulator } = createClient({ seed, timeline: {} })
      const begin = simulator.clock.now()
      const id = await deploy()
      while ((await get(`/gpu/instances/${id}`)).instance_status === "INITIALIZED") await simulator.clock.sleep(1000)
      lengths.push(simulator.clock.now() - begin)
    }
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(120_000)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(181_000)
    expect(new Set(lengths).size).toBeGreaterThan(5)
  })

  it("of a container goes INITIALIZED, ACTIVE without a domain, with one, and STARTED", async () => {
    const { deploy, get, simulator } = createClient(started)
    const id = await deploy()
    const look = async () => {
      const { instance_status, container_status, network } = await get(`/gpu/instances/${id}`)
      return [instance_status, container_status, network?.domain ?? null, network?.forwarded_ports.length ?? null]
    }
    expect(await look()).toEqual(["INITIALIZED", "NOT_STARTED", null, null])
    expect(await get(`/gpu/instances/${id}/logs`)).toEqual([])
    await simulator.clock.sleep(119_999)
    expect((await look())[0]).toBe("INITIALIZED")
    await simulator.clock.sleep(1)
    expect(await look()).toEqual(["ACTIVE", "NOT_STARTED", null, 0])
    await simulator.clock.sleep(8000)
    const domain = expect.stringMatching(/^provider\.a100\.\w+\.val\.akash\.pub$/)
    expect(await look()).toEqual(["ACTIVE", "NOT_STARTED", domain, 1])
    await simulator.clock.sleep(12_000)
    expect((await look())[1]).toBe("STARTED")
    const { network, container_info } = await get(`/gpu/instances/${id}`)
    expect(network.forwarded_ports).toEqual([
      { port: "22", external_port: expect.stringMatching(/^3\d{4}$/), protocol: "tcp" }
    ])
    expect(network.uri).toMatch(/^http:\/\//)
    expect(container_info.environment).toEqual([{ name: "SSH_PUBKEY", value: publicKey }])
    const [row] = await get("/gpu/instances/")
    expect(row.domain).toBe(network.domain)
    expect(row).not.toHaveProperty("container_status")
  })

  it("goes to the location that was asked for, of those of the plan", async () => {
    const { call, get } = createClient()
    const plans = await get("/gpu/plans/")
    const { plan, attributes } = plans.find(
      (candidate: (typeof plans)[number]) => candidate.attributes.location.length > 1
    )
    const body = (location: string) => ({
      ...{ plan_id: plan.id, name: "far-away", constraints: { location } },
      container_settings: { image: "a", expose: [{ port: "80" }] }
    })
    expect((await call("POST", "/gpu/instances/", body(attributes.location[1]))).status).toBe(200)
    expect((await get("/gpu/instances/"))[0].location).toBe(attributes.location[1])
    expect(await call("POST", "/gpu/instances/", body("ZZ"))).toMatchObject({ status: 400 })
  })

  it("takes an option from the plans, and gives it back at its end", async () => {
    const { call, deployVm, get, simulator } = createClient()
    const options = async () => (await get("/gpu/plans/vms")).data[0].availability_by_number[0].options.length
    expect(await options()).toBe(2)
    const first = (await get("/gpu/plans/vms")).data[0].availability_by_number[0].options[0]
    const id = await deployVm()
    expect(await options()).toBe(1)
    await expect(deployVm({ plan_id: first.id, os_image: first.os_options[0] })).rejects.toThrow("no longer available")
    await simulator.clock.sleep(200_000)
    await call("DELETE", `/gpu/instances/vms/${id}`)
    await simulator.clock.sleep(10_000)
    expect(await options()).toBe(2)
    simulator.takeOption(first.id)
    expect(await options()).toBe(1)
    await expect(deployVm({ plan_id: first.id, os_image: first.os_options[0] })).rejects.toThrow("no longer available")
    simulator.freeOption(first.id)
    expect(await deployVm({ plan_id: first.id, os_image: first.os_options[0] })).toEqual(expect.any(String))
  })

  it("can fail: FAILED for good, in lists, not to be deleted", async () => {
    const { call, deploy, get, simulator } = createClient()
    const id = await deploy()
    simulator.failProvisioning()
    await simulator.clock.sleep(200_000)
    const other = await deploy()
    simulator.failProvisioning(other)
    for (const failed of [id, other]) {
      expect(await get(`/gpu/instances/${failed}`)).toMatchObject({
        ...{ instance_status: "FAILED", container_status: "NOT_STARTED", network: null },
        billing: { hourly_usage: 0, total_spendings: 0, reserved_amount: 0, next_billing_period: null }
      })
      expect((await call("DELETE", `/gpu/instances/${failed}`)).status).toBe(400)
    }
    expect(await get("/gpu/instances/")).toHaveLength(2)
    expect(simulator.machines().map(({ alive }) => alive)).toEqual([false, false])
    const third = await deploy()
    await simulator.clock.sleep(200_000)
    expect((await get(`/gpu/instances/${third}`)).instance_status).toBe("ACTIVE")
  })
})

describe("an end", () => {
  it("is refused before ACTIVE, accepted once, and shows a while later", async () => {
    const { call, deploy, get, simulator } = createClient()
    const id = await deploy()
    const path = `/gpu/instances/${id}`
    const early = await call("DELETE", path)
    expect([early.status, typeof early.body.detail]).toEqual([400, "string"])
    await simulator.clock.sleep(120_000)
    expect(await call("DELETE", path)).toEqual({ status: 204, body: undefined })
    expect((await get(path)).instance_status).toBe("ACTIVE")
    expect((await call("DELETE", path)).status).toBe(204)
    await simulator.clock.sleep(5000)
    expect(await get(path)).toMatchObject({ instance_status: "ENDED", container_status: "NOT_STARTED", network: null })
    expect((await call("DELETE", path)).status).toBe(400)
    expect((await get("/gpu/instances/"))[0]).toMatchObject({ id, instance_status: "ENDED", domain: null })
  })

  it("from outside shows at once, or leaves nothing", async () => {
    const { get, call, simulator } = createClient()
    const ended = simulator.addMachine({ kind: "vm" })
    simulator.endOutside(ended)
    expect(await get(`/gpu/instances/vms/${ended}`)).toMatchObject({ status: "ENDED", ssh_connection: null })
    const gone = simulator.addMachine()
    simulator.deleteOutside(gone)
    expect((await call("GET", `/gpu/instances/${gone}`)).status).toBe(404)
    expect(await get("/gpu/instances/")).toEqual([])
    expect(simulator.machines().map(({ alive }) => alive)).toEqual([false, false])
  })
})

it("a raw status stays", async () => {
  const { call, get, simulator } = createClient()
  const id = simulator.addMachine({ state: "fresh" })
  simulator.setStatus(id, "MIGRATING")
  await simulator.clock.sleep(3_000_000)
  expect((await get(`/gpu/instances/${id}`)).instance_status).toBe("MIGRATING")
  expect((await call("DELETE", `/gpu/instances/${id}`)).status).toBe(400)
})
