import { describe, expect, it } from "vitest"
import { createClient, publicKey } from "../testing/client.ts"

const v1 = (query: Readonly<Record<string, unknown>> = {}) => {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    params.set(name, typeof value === "string" ? value : JSON.stringify(value))
  return `/api/v1/instances/?${params}`
}

const rentOffer = async ({ call }: ReturnType<typeof createClient>, body: object, query: object = {}) => {
  const found = await call("POST", "/api/v0/bundles/", { limit: 1, ...query })
  return call("PUT", `/api/v0/asks/${found.body.offers[0].id}/`, { image: "ubuntu:22.04", disk: 10, ...body })
}

describe("create", () => {
  it("makes an instance of an offer, which then leaves the market", async () => {
    const { call, rent, show, simulator } = createClient()
    const id = await rent({ label: "work" })
    const row = await show(id)
    expect(row).toMatchObject({ id, label: "work", actual_status: null, intended_status: "running", is_bid: false })
    expect(row.extra_env).toEqual([["-p 8000:8000", "1"]])
    expect(row.image_runtype).toBe("ssh_direc ssh_proxy")
    const [machine] = simulator.machines()
    const again = await call("POST", "/api/v0/bundles/", { ask_contract_id: { eq: machine?.offerId } })
    expect(again.body.offers).toEqual([])
    await call("DELETE", `/api/v0/instances/${id}/`)
    expect(
      (await call("POST", "/api/v0/bundles/", { ask_contract_id: { eq: machine?.offerId } })).body.offers
    ).toHaveLength(1)
  })

  it("takes the body of the official client, nulls and token lists included", async () => {
    const made = await rentOffer(createClient(), {
      ...{ client_id: "me", env: {}, price: null, label: null, extra: null, onstart: null, image_login: null },
      ...{ python_utf8: false, lang_utf8: false, use_jupyter_lab: false, jupyter_dir: null, force: false },
      ...{ cancel_unavail: false, template_hash_id: null, user: null, runtype: "ssh_direc ssh_proxy" }
    })
    expect(made).toMatchObject({ status: 200, body: { success: true, new_contract: expect.any(Number) } })
  })

  it.each<[string, object, string, string]>([
    ["no image", { image: null }, "invalid_args", "image"],
    ["long image", { image: "x".repeat(1025) }, "invalid_args", "image"],
    ["long label", { label: "x".repeat(257) }, "invalid_args", "label"],
    ["label of another type", { label: 3 }, "invalid_args", "label"],
    ["small disk", { disk: 7 }, "invalid_args", "disk"],
    ["disk over the offer's", { disk: 1e6 }, "invalid_args", "disk"],
    ["env as a string", { env: "-e A=b" }, "invalid_args", "env"],
    ["long env", { env: { A: "x".repeat(32_768) } }, "invalid_args", "env"],
    ["long start script", { onstart: "x".repeat(4049) }, "invalid_args", "onstart"],
    ["script and arguments too long", { onstart: "x".repeat(4000), args_str: "y".repeat(97) }, "invalid_args", "args"],
    ["args of another type", { args: "a b" }, "invalid_args", "args"],
    ["unknown runtype", { runtype: "telnet" }, "invalid_args", "runtype"],
    ["bid too small", { price: 0 }, "invalid_price", "bid"],
    ["bid too large", { price: 129 }, "invalid_price", "bid"]
  ])("refuses %s", async (_, body, error, text) => {
    const client = createClient()
    const refused = await rentOffer(client, body)
    expect(refused).toMatchObject({ status: 400, body: { success: false, error, ask_id: expect.any(Number) } })
    expect(refused.body.msg).toMatch(/^error 400\/\d+: /)
    expect(refused.body.msg).toContain(text)
    expect(client.simulator.machines()).toEqual([])
  })

  it("refuses a VM without keys, bad JSON, bad ids, unknown offers and an empty account", async () => {
    const client = createClient({ sshKeys: [] })
    expect((await rentOffer(client, { vm: true })).body.error).toBe("no_ssh_key_for_vm")
    expect((await client.call("PUT", "/api/v0/asks/1/", "{")).body).toMatchObject({ error: "invalid_args" })
    expect((await client.call("PUT", "/api/v0/asks/x/", { image: "a" })).status).toBe(400)
    const unknown = await client.call("PUT", "/api/v0/asks/1/", { image: "a" })
    expect(unknown).toMatchObject({ status: 404, body: { success: false, error: "invalid_args", ask_id: 1 } })
    expect(unknown.body.msg).toBe("error 404/3603: no_such_ask Instance type by id 1 is not available.")
    expect((await rentOffer(createClient({ credit: 0 }), {})).body.error).toBe("insufficient_credit")
  })

  it("loses an offer to somebody else: 410, or a stopped contract without cancel_unavail", async () => {
    const { call, simulator, show } = createClient()
    const { body } = await call("POST", "/api/v0/bundles/", { limit: 1 })
    const offer = body.offers[0].id
    simulator.takeOffer(offer)
    const gone = await call("PUT", `/api/v0/asks/${offer}/`, { image: "a", disk: 10 })
    expect(gone).toMatchObject({ status: 410, body: { success: false, error: "no_such_ask", ask_id: offer } })
    expect(simulator.machines()).toEqual([])
    const kept = await call("PUT", `/api/v0/asks/${offer}/`, { image: "a", disk: 10, cancel_unavail: false })
    expect(kept).toMatchObject({ status: 200, body: { success: false, new_contract: expect.any(Number) } })
    expect(await show(kept.body.new_contract)).toMatchObject({ intended_status: "stopped", cur_state: "stopped" })
    simulator.removeOffer(offer)
    expect((await call("PUT", `/api/v0/asks/${offer}/`, { image: "a", disk: 10 })).status).toBe(404)
  })

  it("keeps a bid under the minimum as a stopped contract that bills its disk", async () => {
    const client = createClient()
    const refused = await rentOffer(client, { price: 0.001 }, { gpu_name: { eq: "H200" } })
    expect(refused).toMatchObject({ status: 200, body: { success: false, new_contract: expect.any(Number) } })
    expect(await client.show(refused.body.new_contract)).toMatchObject({ is_bid: true, next_state: "stopped" })
    await client.simulator.clock.sleep(3_600_000)
    expect(client.simulator.spent()).toBeGreaterThan(0)
    const cancelled = await rentOffer(client, { price: 0.001, cancel_unavail: true }, { gpu_name: { eq: "B200" } })
    expect(cancelled.status).toBe(410)
  })

  it("honours target_state stopped and templates", async () => {
    const client = createClient()
    const hash = "4e17788f74f075dd9aab7d0d4427968f"
    const made = await rentOffer(client, { target_state: "stopped", image: null, template_hash_id: hash })
    expect(made.body.success).toBe(true)
    await client.simulator.clock.sleep(600_000)
    expect(await client.show(made.body.new_contract)).toMatchObject({ actual_status: null, cur_state: "stopped" })
  })
})

describe("list", () => {
  it("pages, counts labels, and follows its own tokens", async () => {
    const { call, simulator } = createClient({ offers: 40, credit: 1000 })
    for (let index = 0; index < 30; index++) simulator.addMachine(index % 3 === 0 ? {} : { label: `job ${index % 3}` })
    const first = await call("GET", v1())
    expect(first.body).toMatchObject({ success: true, instances_found: 25, total_instances: 30 })
    expect(first.body.label_counts).toEqual({ "": 10, "job 1": 10, "job 2": 10 })
    const second = await call("GET", v1({ after_token: first.body.next_token }))
    expect(second.body).toMatchObject({ instances_found: 5, next_token: null, total_instances: 30 })
    const ids = [...first.body.instances, ...second.body.instances].map(({ id }: { id: number }) => id)
    expect(ids).toEqual(simulator.machines().map(({ id }) => id))
    expect((await call("GET", v1({ limit: "0" }))).body.instances_found).toBe(5)
    expect((await call("GET", v1({ limit: "100" }))).body.instances_found).toBe(25)
    expect((await call("GET", v1({ limit: "x" }))).body.instances_found).toBe(25)
    const names: unknown[] = []
    for (let token: string | null = ""; token !== null; ) {
      const query = { order_by: [{ col: "label", dir: "desc" }], limit: "7", after_token: token }
      const { body } = await call("GET", v1(query))
      names.push(...body.instances.map(({ id }: { id: number }) => id))
      token = body.next_token
    }
    expect(new Set(names).size).toBe(30)
  })

  it("selects and filters by stored columns only", async () => {
    const { call, simulator } = createClient()
    const [a, b] = [simulator.addMachine({ label: "a" }), simulator.addMachine()]
    const ids = async (select_filters: object) =>
      (await call("GET", v1({ select_filters }))).body.instances.map(({ id }: { id: number }) => id)
    expect(await ids({ label: { eq: "a" } })).toEqual([a])
    expect(await ids({ label: { in: [null] } })).toEqual([b])
    expect(await ids({ actual_status: { eq: "running" }, id: { gt: a } })).toEqual([b])
    simulator.hostOffline(b)
    expect(await ids({ actual_status: { eq: "offline" } })).toEqual([])
    const columns = await call("GET", v1({ select_cols: ["id", "label", "nothing"] }))
    expect(columns.body.instances[0]).toEqual({ id: a, label: "a", nothing: null })
    expect((await call("GET", v1({ select_cols: ["id", "*"] }))).body.instances[0].num_gpus).toBeGreaterThan(0)
    const bad = async (query: object, error: string, msg: string) =>
      expect(await call("GET", v1({ ...query }))).toEqual({ status: 400, body: { error, msg } })
    const key = "Error in query parameters: dph_total is not a valid search key"
    await bad({ select_filters: { dph_total: { lt: 1 } } }, "invalid_request", key)
    await bad({ order_by: [{ col: "dph_total" }] }, "invalid_request", key)
    await bad(
      { select_filters: { id: { like: 1 } } },
      "invalid_request",
      "Error in query parameters: like is not a valid search op"
    )
    await bad({ select_filters: "{" }, "invalid_request", "Error in query parameters: invalid json")
    await bad({ after_token: "???" }, "invalid_token", "Invalid after_token")
  })

  it("has an empty page, and an old form without pages", async () => {
    const { call, simulator } = createClient()
    expect((await call("GET", v1())).body).toMatchObject({ instances: [], next_token: null, total_instances: 0 })
    expect((await call("GET", "/api/v0/instances/")).body).toEqual({ instances_found: 0, instances: [] })
    const id = simulator.addMachine()
    expect((await call("GET", "/api/v0/instances/?owner=me")).body).toMatchObject({ instances: [{ id }] })
  })
})

describe("show, manage and destroy", () => {
  it("shows null for an id that never was or is gone", async () => {
    const { call, simulator } = createClient()
    expect(await call("GET", "/api/v0/instances/1/?owner=me")).toEqual({ status: 200, body: { instances: null } })
    expect((await call("GET", "/api/v0/instances/x/")).status).toBe(400)
    const id = simulator.addMachine()
    const destroyed = await call("DELETE", `/api/v0/instances/${id}/`, {})
    expect(destroyed.body).toEqual({ success: true, msg: "Instance destroyed successfully" })
    expect((await call("GET", `/api/v0/instances/${id}/`)).body).toEqual({ instances: null })
    const again = await call("DELETE", `/api/v0/instances/${id}/`)
    expect(again).toEqual({
      status: 404,
      body: { success: false, error: "not_found", msg: "Instance not found" }
    })
    expect((await call("DELETE", "/api/v0/instances/x/")).body.msg).toBe("invalid instance_id")
    expect(simulator.machines()).toMatchObject([{ id, alive: false }])
  })

  it("labels, and refuses what it must", async () => {
    const { call, simulator, show } = createClient()
    const id = simulator.addMachine()
    const path = `/api/v0/instances/${id}/`
    expect((await call("PUT", path, { label: "My ML Training Job" })).body).toEqual({
      success: true,
      msg: `label for ${id} set to 'My ML Training Job'`
    })
    expect((await show(id)).label).toBe("My ML Training Job")
    expect((await call("PUT", path, { label: "x".repeat(1025) })).body).toEqual({
      success: false,
      error: "label_too_long",
      msg: "Please limit label length to 1024 characters, ideally less than 128."
    })
    expect((await call("PUT", path, { label: null })).body.success).toBe(true)
    for (const body of [{}, { state: "frozen" }, { label: 3 }, "{"]) {
      expect(await call("PUT", path, body)).toMatchObject({ status: 400, body: { error: "invalid_args" } })
    }
    expect(await call("PUT", "/api/v0/instances/12345/", { state: "stopped" })).toEqual({
      status: 404,
      body: { success: false, error: "no_such_instance", msg: "Instance 12345 not found." }
    })
    expect((await call("PUT", "/api/v0/instances/reboot/1/", {})).body.msg).toBe("invalid instance_id")
    expect((await call("PUT", "/api/v0/instances/recycle/1/", {})).body).toMatchObject({ error: "invalid_id" })
    expect((await call("PUT", `/api/v0/instances/reboot/${id}/`, {})).body).toEqual({ success: true })
  })

  it("gives new instances the account's keys", async () => {
    const { call, rent } = createClient()
    const id = await rent()
    const { body } = await call("GET", `/api/v0/instances/${id}/ssh/`)
    expect(JSON.parse(body.ssh_keys)).toEqual([{ id: 5001, name: "me@laptop", public_key: publicKey }])
  })
})
