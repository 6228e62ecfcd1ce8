import { describe, expect, it, test } from "vitest"
import { createClient } from "../testing/client.ts"

const query = (select_filters: object) => `?select_filters=${encodeURIComponent(JSON.stringify(select_filters))}`

describe("bulk routes", () => {
  it("stop, start and destroy many", async () => {
    const { call, simulator } = createClient({ credit: 100 })
    const ids = [simulator.addMachine(), simulator.addMachine()]
    expect(await call("PUT", "/api/v0/instances/", { state: "stopped", ids })).toEqual({
      status: 200,
      body: { success: true }
    })
    await simulator.clock.sleep(60_000)
    expect(simulator.machines().map(({ actualStatus }) => actualStatus)).not.toContain("running")
    expect((await call("PUT", "/api/v0/instances/", { state: "stopped" })).status).toBe(400)
    expect((await call("PUT", "/api/v0/instances/", { state: "stopped", ids: [1] })).status).toBe(404)
    expect((await call("DELETE", "/api/v0/instances/", { instance_ids: ids })).body).toEqual({ success: true })
    expect(simulator.machines().map(({ alive }) => alive)).toEqual([false, false])
  })

  it("create on many offers, and on the first that a query finds", async () => {
    const { call, simulator } = createClient({ credit: 100 })
    const { offers } = (await call("POST", "/api/v0/bundles/", { limit: 2 })).body
    const ids = offers.map(({ id }: { id: number }) => id)
    const image = "ubuntu:22.04"
    expect((await call("POST", "/api/v0/asks/bulk/", { client_id: "me", ids, image })).body).toEqual({ success: true })
    expect(simulator.machines().map(({ offerId }) => offerId)).toEqual(ids)
    const q = { num_gpus: { eq: 1 }, order: [["dph_total", "asc"]], type: "on-demand" }
    const launched = await call("PUT", "/api/v0/launch_instance/", { q, image, disk: 10 })
    expect(launched.body).toEqual({ success: true, new_contract: String(simulator.machines().at(-1)?.id) })
    const nothing = await call("PUT", "/api/v0/launch_instance/", { q: { num_gpus: { eq: 999 } }, image })
    expect([nothing.status, nothing.body.success]).toEqual([404, false])
  })
})

describe("templates", () => {
  const template = { name: "mine", image: "pytorch/pytorch", tag: "2.4", env: "-e A=1 -p 8000:8000", runtype: "ssh" }

  it("are made, found, changed under another hash, and deleted", async () => {
    const { call } = createClient()
    const found = async () => (await call("GET", `/api/v0/template/${query({ name: { eq: "mine" } })}`)).body.templates
    expect((await call("POST", "/api/v0/template/", template)).body.success).toBe(true)
    const [row] = await found()
    expect(row).toMatchObject({ ...template, hash_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
    await call("PUT", "/api/v0/template/", { ...template, hash_id: row.hash_id, image: "other" })
    const [changed] = await found()
    expect(changed).toMatchObject({ id: row.id, image: "other" })
    expect(changed.hash_id).not.toBe(row.hash_id)
    expect((await call("DELETE", "/api/v0/template/", { hash_id: row.hash_id })).status).toBe(400)
    expect((await call("DELETE", "/api/v0/template/", { template_id: row.id })).body.success).toBe(true)
    expect(await found()).toEqual([])
    expect((await call("GET", `/api/v0/template/${query({ name: { odd: 1 } })}`)).status).toBe(400)
  })

  it("give an instance what it does not say itself; one that there is not is refused", async () => {
    const { call, rent, show, simulator } = createClient()
    await call("POST", "/api/v0/template/", template)
    const { hash_id } = (await call("GET", `/api/v0/template/${query({ name: { eq: "mine" } })}`)).body.templates[0]
    const id = await rent({ image: null, template_hash_id: hash_id, env: { A: "2", B: "3" } })
    expect(await show(id)).toMatchObject({
      ...{ image_uuid: "pytorch/pytorch:2.4", template_hash_id: hash_id, template_name: "mine" },
      extra_env: [
        ["A", "2"],
        ["-p 8000:8000", "1"],
        ["B", "3"]
      ]
    })
    const offers = (await call("POST", "/api/v0/bundles/", { limit: 1 })).body.offers
    const refused = await call("PUT", `/api/v0/asks/${offers[0].id}/`, { template_hash_id: "0123" })
    expect([refused.status, refused.body.error]).toEqual([400, "invalid_args"])
    expect(simulator.machines()).toHaveLength(1)
  })
})

test("an instance is rebuilt from another template, and a snapshot is taken of it", async () => {
  const { call, simulator, show } = createClient({ credit: 100 })
  const id = simulator.addMachine()
  const update = (body: unknown) => call("PUT", `/api/v0/instances/update_template/${id}/`, body)
  expect((await update({ id, image: "other:1", env: { A: 1 }, args: ["x"], onstart: "go" })).body.success).toBe(true)
  expect(await show(id)).toMatchObject({
    ...{ actual_status: "recycling", image_uuid: "other:1", image_args: ["x"], onstart: "go", extra_env: [["A", "1"]] }
  })
  expect((await update({ template_id: 2048 })).body.success).toBe(true)
  expect(await show(id)).toMatchObject({ template_id: 2048, image_uuid: "vllm/vllm-openai", onstart: "go" })
  expect((await update({ template_hash_id: "0" })).status).toBe(400)
  expect((await call("PUT", "/api/v0/instances/update_template/1/", {})).status).toBe(404)
  const snap = (body: unknown) => call("POST", `/api/v0/instances/take_snapshot/${id}/`, body)
  expect((await snap({ personal_repo: "me/x", pause: "true" })).body.success).toBe(true)
  expect((await snap({ id, personal_repo: "me/x" })).status).toBe(400)
  expect((await snap({})).status).toBe(400)
})

test("volumes are found, rented, listed and deleted", async () => {
  const { call } = createClient()
  const { offers } = (await call("POST", "/api/v0/volumes/search/", { disk_space: { gte: 1 }, limit: 5 })).body
  expect(offers.length).toBeGreaterThan(0)
  const [{ id, machine_id, disk_space }] = offers
  const rented = await call("PUT", "/api/v0/volumes/", { id, size: 15, name: "data" })
  expect(rented.body).toMatchObject({ success: true, volume_name: expect.stringMatching(/^V\.\d+$/) })
  const listed = (await call("GET", "/api/v0/volumes/?owner=me&type=all_volume")).body
  expect(listed).toEqual({
    volumes: [
      { id: Number(rented.body.volume_name.slice(2)), name: "data", disk_space: 15, machine_id, ...listed.volumes[0] }
    ]
  })
  expect((await call("GET", "/api/v0/volumes/?owner=me&type=network_volume")).body).toEqual({ volumes: [] })
  expect((await call("PUT", "/api/v0/volumes/", { id, size: disk_space })).status).toBe(400)
  expect((await call("PUT", "/api/v0/volumes/", { id: 1, size: 5 })).status).toBe(400)
  const remove = (path: string, body?: unknown) => call("DELETE", path, body)
  expect((await remove(`/api/v0/volumes/?id=${listed.volumes[0].id}`)).body).toEqual({ success: true })
  expect((await remove("/api/v0/volumes/", { id: listed.volumes[0].id })).status).toBe(400)
})

test("charges are what contracts have cost, by pages", async () => {
  const { call, simulator } = createClient({ credit: 100 })
  const ids = [simulator.addMachine(), simulator.addMachine()]
  await simulator.clock.sleep(3_600_000)
  const now = simulator.clock.monotonic() / 1000
  const day = { gte: now - 86_400, lte: now }
  const charges = async (filters: object, more = "") =>
    (await call("GET", `/api/v0/charges/${query(filters)}${more}`)).body
  const all = await charges({ day, type: { in: ["instance"] } })
  expect(all).toMatchObject({ count: 2, total: 2, next_token: null })
  expect(all.results.map(({ source }: { source: string }) => source)).toEqual(ids.map((id) => `instance-${id}`))
  for (const { amount, items } of all.results) {
    expect(items.map(({ type }: { type: string }) => type)).toEqual(["gpu", "disk"])
    expect(items[0].amount + items[1].amount).toBeCloseTo(amount, 9)
  }
  const total = all.results.reduce((sum: number, row: { amount: number }) => sum + row.amount, 0)
  expect(total).toBeCloseTo(simulator.spent(), 9)
  const first = await charges({ day }, "&limit=1&latest_first=true")
  expect(first.results[0].source).toBe(`instance-${ids[1]}`)
  const rest = await charges({ day }, `&limit=1&latest_first=true&after_token=${first.next_token}`)
  expect(rest).toMatchObject({ results: [{ source: `instance-${ids[0]}` }], next_token: null })
  expect(await charges({ day: { lte: 1 } })).toMatchObject({ results: [], total: 0 })
  expect(await charges({ type: { in: ["volume"] } })).toMatchObject({ total: 0 })
  expect((await call("GET", "/api/v0/charges/?select_filters=x")).status).toBe(400)
  expect((await call("GET", "/api/v0/charges/?after_token=x")).body.error).toBe("invalid_token")
})

test("invoices are a page without rows", async () => {
  const { body } = await createClient().call("GET", `/api/v1/invoices/${query({ when: { gte: 1 } })}`)
  expect(body).toEqual({ results: [], count: 0, total: 0, next_token: null })
})

test("copies know the instances they are between", async () => {
  const { call, simulator } = createClient({ credit: 100 })
  const id = simulator.addMachine()
  const between = (src_id: unknown, dst_id: unknown) => ({
    client_id: "me",
    src_id,
    dst_id,
    src_path: "/a",
    dst_path: "/b"
  })
  const copied = await call("PUT", "/api/v0/commands/copy_direct/", between("V.1", `C.${id}`))
  expect(copied.body).toEqual({ success: true })
  const local = await call("PUT", "/api/v0/commands/rsync/", between(id, null))
  expect(local.body).toEqual({ success: true, src_addr: expect.stringMatching(/^ssh\d/), src_port: expect.any(Number) })
  expect((await call("PUT", "/api/v0/commands/copy_direct/", between("C.1", id))).status).toBe(404)
  expect((await call("DELETE", "/api/v0/commands/copy_direct/", { dst_id: id })).body).toEqual({ success: true })
  expect((await call("DELETE", "/api/v0/commands/copy_direct/", { dst_id: 1 })).status).toBe(404)
})

test("API keys are made, listed, shown and deleted, and none is shown", async () => {
  const { call } = createClient()
  const path = "/api/v0/auth/apikeys/"
  expect((await call("POST", path, { name: "ci", permissions: { api: { misc: {} } } })).body).toEqual({ success: true })
  const { apikeys } = (await call("GET", path)).body
  expect(apikeys).toEqual([{ id: expect.any(Number), name: "ci", permissions: { api: { misc: {} } } }])
  expect((await call("GET", `${path}${apikeys[0].id}/`)).body).toEqual(apikeys[0])
  expect((await call("DELETE", `${path}${apikeys[0].id}/`)).body).toEqual({ success: true })
  expect((await call("GET", `${path}${apikeys[0].id}/`)).status).toBe(400)
  expect((await call("GET", path)).body).toEqual({ apikeys: [] })
  expect((await call("POST", path, {})).status).toBe(400)
})
