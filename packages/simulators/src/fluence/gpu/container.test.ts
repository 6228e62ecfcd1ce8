import { describe, expect, it } from "vitest"
import { createClient, publicKey } from "../client.test-support.ts"

const update = { name: "second", container_settings: { image: "second:1" } }

describe("an update", () => {
  it("is one at a time, shows when it is applied, and starts the container again", async () => {
    const { call, get, simulator } = createClient()
    const id = simulator.addMachine({ environment: { A: "1" } })
    const path = `/gpu/instances/${id}`
    const before = await get(path)
    const ignored = { ...update.container_settings, expose: [{ port: "9999" }] }
    expect((await call("PUT", path, { ...update, container_settings: ignored })).status).toBe(204)
    expect(await get(path)).toEqual(before)
    const second = await call("PUT", path, update)
    expect([second.status, typeof second.body.detail]).toEqual([400, "string"])
    await simulator.clock.sleep(15_000)
    const applied = await get(path)
    expect(applied).toMatchObject({
      ...{ name: "second", container_status: "NOT_STARTED", network: before.network },
      // An update without a key removes it.
      container_info: {
        image: "second:1",
        environment: [],
        startup_command: null,
        expose: before.container_info.expose
      }
    })
    expect((await call("PUT", path, { ...update, ssh_key: publicKey })).status).toBe(204)
    await simulator.clock.sleep(15_000)
    expect((await get(path)).container_info.environment).toEqual([{ name: "SSH_PUBKEY", value: publicKey }])
    await simulator.clock.sleep(20_000)
    expect((await get(path)).container_status).toBe("STARTED")
  })

  it("starts the container again, though it was about to be started already", async () => {
    const { call, deploy, get, simulator } = createClient()
    const path = `/gpu/instances/${await deploy()}`
    await simulator.clock.sleep(121_000)
    await call("PUT", path, update)
    await simulator.clock.sleep(34_000)
    expect(await get(path)).toMatchObject({ container_info: { image: "second:1" }, container_status: "NOT_STARTED" })
    await simulator.clock.sleep(1000)
    expect((await get(path)).container_status).toBe("STARTED")
  })

  it("stays as long as it is frozen, and needs an active instance", async () => {
    const { call, deploy, get, simulator } = createClient()
    const fresh = await deploy()
    expect((await call("PUT", `/gpu/instances/${fresh}`, update)).status).toBe(400)
    const id = simulator.addMachine()
    const path = `/gpu/instances/${id}`
    simulator.freezeUpdates(id)
    expect((await call("PUT", path, update)).status).toBe(204)
    await simulator.clock.sleep(600_000)
    expect((await get(path)).name).toBe("outside")
    expect((await call("PUT", path, update)).status).toBe(400)
    simulator.freezeUpdates(id, false)
    await simulator.clock.sleep(1)
    expect((await get(path)).name).toBe("second")
  })

  it("renames a VM at once and takes nothing else", async () => {
    const { call, get, simulator } = createClient()
    const id = simulator.addMachine({ kind: "baremetal" })
    const path = `/gpu/instances/baremetal/${id}`
    expect((await call("PUT", path, { name: "renamed" })).status).toBe(204)
    expect((await get(path)).name).toBe("renamed")
    expect((await call("PUT", path, { name: "Not Allowed" })).status).toBe(422)
    expect((await call("PUT", `/gpu/instances/vms/${id}`, { name: "renamed" })).status).toBe(404)
  })
})

describe("a container", () => {
  it("of a private image starts with credentials only, and an update without them stops it", async () => {
    const { call, deploy, get, simulator } = createClient()
    const image = "ghcr.io/myorg/private-model:v1"
    const credentials = { host: "ghcr.io", username: "me", password: "secret" }
    const refused = await deploy({ image })
    const allowed = await deploy({ image, credentials })
    await simulator.clock.sleep(200_000)
    const status = async (id: string) => (await get(`/gpu/instances/${id}`)).container_status
    expect([await status(refused), await status(allowed)]).toEqual(["NOT_STARTED", "STARTED"])
    expect((await get(`/gpu/instances/${refused}/events`)).join("\n")).toContain("Failed to pull image")
    expect(JSON.stringify(await get(`/gpu/instances/${allowed}`))).not.toContain("secret")
    await call("PUT", `/gpu/instances/${allowed}`, { name: "again", container_settings: { image } })
    await simulator.clock.sleep(200_000)
    expect(await status(allowed)).toBe("NOT_STARTED")
  })

  it("fails, exits, writes and loses its domain at a stroke", async () => {
    const { call, get, simulator } = createClient()
    const id = simulator.addMachine()
    const path = `/gpu/instances/${id}`
    simulator.writeLog(id, "hello")
    simulator.writeEvent(id, "[Normal] [Pulling] Pulling image")
    expect((await get(`${path}/logs?last=1`))[0]).toMatch(/^\[service-1-\w+-\w+\] hello$/)
    expect((await get(`${path}/events?last=1`))[0]).toMatch(/^\[service-1-\w+-\w+\]: \[Normal\] \[Pulling\]/)
    expect(await get(`${path}/logs?last=0`)).toEqual([])
    expect(await get(`${path}/logs`)).toHaveLength(3)
    simulator.holdDomain(id)
    expect((await get(path)).network).toEqual({ domain: null, forwarded_ports: [], uri: null })
    expect((await get("/gpu/instances/"))[0].domain).toBeNull()
    simulator.holdDomain(id, false)
    expect((await get(path)).network.domain).toEqual(expect.any(String))
    simulator.exitContainer(id)
    await simulator.clock.sleep(600_000)
    expect(await get(path)).toMatchObject({ instance_status: "ACTIVE", container_status: "NOT_STARTED" })
    const doomed = simulator.addMachine({ state: "fresh" })
    simulator.failContainer(doomed, "[Warning] [Failed] no such command")
    const broken = simulator.addMachine({ state: "fresh" })
    await simulator.clock.sleep(125_000)
    simulator.failContainer(broken, "[Warning] [Failed] no space left")
    await simulator.clock.sleep(600_000)
    expect((await get(`/gpu/instances/${broken}`)).container_status).toBe("NOT_STARTED")
    expect((await get(`/gpu/instances/${doomed}`)).container_status).toBe("NOT_STARTED")
    expect(await get(`/gpu/instances/${doomed}/events`)).toEqual([expect.stringContaining("no such command")])
    await call("PUT", `/gpu/instances/${doomed}`, update)
    await simulator.clock.sleep(60_000)
    expect((await get(`/gpu/instances/${doomed}`)).container_status).toBe("STARTED")
    expect((await get(`/gpu/instances/${broken}/events?last=1`))[0]).toContain("no space left")
  })

  it("prints what its command echoes", async () => {
    const { deploy, get, simulator } = createClient()
    const id = await deploy({ startup_command: "'sh' '-c' 'echo one; echo \"two three\"'" })
    await simulator.clock.sleep(200_000)
    const logs: string[] = await get(`/gpu/instances/${id}/logs?last=2`)
    expect(logs.map((line) => line.replace(/^\[.*?\] /, ""))).toEqual(["one", "two three"])
  })
})
