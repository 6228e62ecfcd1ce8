import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { createClient, publicKey } from "../testing/client.ts"

type Json = Readonly<Record<string, unknown>>

/** The vendor's published example payloads. */
const documented = JSON.parse(readFileSync(new URL("../fixtures/vast-payloads.json", import.meta.url), "utf8"))

/** Columns whose published example has another type than the published schema, or than the other published example. */
const wrong: Readonly<Record<string, string>> = {
  ports: "an array of numbers in the show example, a map in the list example",
  os_version: "a number in the show example, a string in the schema and in the search example"
}

const kindOf = (value: unknown) => (Array.isArray(value) ? "array" : typeof value)

/** Columns that are null at times although their published example has a value. */
const nullable = new Set([
  ...["actual_status", "status_msg", "ports", "uptime_mins", "next_token", "credit_balance", "credit_discount"],
  ...["gpu_util", "gpu_temp", "mem_limit", "mem_usage", "vmem_usage", "template_id", "template_hash_id"],
  // Volumes aren't simulated.
  ...["template_name", "avail_vol_ask_id", "avail_vol_dph", "avail_vol_size"]
])

/** Every documented key is there, with the documented type; null only where it may be. */
const expectSameShape = (actual: Json, example: Json) => {
  expect(Object.keys(actual)).toEqual(expect.arrayContaining(Object.keys(example)))
  for (const [key, value] of Object.entries(example)) {
    if (value === null || key in wrong || (actual[key] === null && nullable.has(key))) continue
    expect([key, kindOf(actual[key])]).toEqual([key, kindOf(value)])
  }
}

describe("documented payloads", () => {
  it("search: the examples find offers of the example's shape, and no other columns", async () => {
    const { call } = createClient({ offers: 300 })
    const example = documented.search.response.offers[0]
    for (const request of documented.search.requests) {
      const { status, body } = await call("POST", "/api/v0/bundles/", request)
      expect(status).toBe(200)
      for (const offer of body.offers) {
        expectSameShape(offer, example)
        expect(Object.keys(example)).toEqual(expect.arrayContaining(Object.keys(offer)))
        expectSameShape(offer.search, example.search)
        expectSameShape(offer.instance, example.instance)
      }
    }
  })

  it("create: every example body makes an instance", async () => {
    const { call } = createClient({ offers: 100 })
    const query = { limit: 50, disk_space: { gte: 100 } }
    const { offers } = (await call("POST", "/api/v0/bundles/", query)).body
    const bodies = [documented.create.request, ...documented.create.requests]
    for (const [index, body] of bodies.entries()) {
      const made = await call("PUT", `/api/v0/asks/${offers[index].id}/`, body)
      expect(made.status).toBe(200)
      expectSameShape(made.body, documented.create.response)
      expect(made.body.success).toBe(true)
    }
  })

  it("list and show: rows of the examples' shape in every phase, and no other columns", async () => {
    const { call, rent, simulator } = createClient()
    const id = await rent({ label: "shape", onstart: "echo" })
    const [listed] = documented.list.instances
    const { instances: shown } = documented.show
    for (let phase = 0; phase < 6; phase++) {
      const list = (await call("GET", "/api/v1/instances/")).body
      expectSameShape(list, documented.list)
      expectSameShape(list.instances[0], listed)
      const show = (await call("GET", `/api/v0/instances/${id}/`)).body
      expect(Object.keys(show)).toEqual(Object.keys(documented.show))
      expectSameShape(show.instances, shown)
      // The vendor's own client prints both, and no example has them.
      const known = [...Object.keys({ ...listed, ...shown }), "inet_up", "inet_down"]
      expect(known).toEqual(expect.arrayContaining(Object.keys(list.instances[0])))
      expect(known).toEqual(expect.arrayContaining(Object.keys(show.instances)))
      await simulator.clock.sleep(20_000)
    }
    expect((await createClient().call("GET", "/api/v0/instances/")).body).toEqual(documented.listV0)
  })

  it("abandoned timeline: the captured fields", async () => {
    const { rent, show, simulator } = createClient()
    const id = await rent()
    simulator.failBoot(id)
    const row = await show(id)
    expectSameShape(row, documented.abandoned)
    for (const name of ["actual_status", "cur_state", "next_state", "intended_status", "status_msg"])
      expect(row[name]).toBe(documented.abandoned[name])
  })

  it("errors: word for word", async () => {
    const { answers } = documented
    const { call } = createClient()
    const say = async (method: string, path: string, body?: unknown) => (await call(method, path, body)).body
    expect(await say("POST", "/api/v0/bundles/", "{")).toEqual(answers.searchJson)
    expect(await say("PUT", "/api/v0/asks/1234567/", { image: "a" })).toEqual(answers.createUnknown)
    const filters = encodeURIComponent(JSON.stringify({ dph_total: { eq: 1 } }))
    expect(await say("GET", `/api/v1/instances/?select_filters=${filters}`)).toEqual(answers.listKey)
    expect(await say("GET", "/api/v0/instances/12345/")).toEqual(answers.showGone)
    expect(await say("PUT", "/api/v0/instances/12345/", { state: "stopped" })).toEqual(answers.manageUnknown)
    expect(await say("DELETE", "/api/v0/instances/12345/")).toEqual(answers.destroyUnknown)
    expect(await say("PUT", "/api/v0/instances/reboot/12345/", {})).toEqual(answers.rebootUnknown)
    expect(await say("PUT", "/api/v0/instances/recycle/12345/", {})).toEqual(answers.recycleUnknown)
    expect(await say("PUT", "/api/v0/instances/request_logs/12345/", {})).toEqual(answers.logsUnknown)
    expect(await say("PUT", "/api/v0/instances/bid_price/12345/", { price: 1 })).toEqual(answers.bidUnknown)
    expect(await say("PUT", "/api/v0/instances/prepay/12345/", { amount: 500 })).toEqual(answers.prepayUnknown)
    const limited = createClient({ rateLimits: true })
    for (const [method, path, expected] of [
      ["PUT", "/api/v0/asks/1/", answers.createTooOften],
      ["DELETE", "/api/v0/instances/1/", answers.destroyTooOften]
    ] as const) {
      await limited.call(method, path, {})
      expect((await limited.call(method, path, {})).body).toEqual(expected)
    }
  })

  it("the rest: the examples' shapes", async () => {
    const { call, simulator } = createClient({ credit: 100 })
    const id = simulator.addMachine()
    const say = async (method: string, path: string, body?: unknown) => (await call(method, path, body)).body
    expectSameShape(await say("PUT", `/api/v0/instances/request_logs/${id}/`, {}), documented.logs)
    expectSameShape(await say("PUT", `/api/v0/instances/command/${id}/`, { command: "ls -l" }), documented.execute)
    const made = await say("POST", "/api/v0/ssh/", { ssh_key: publicKey })
    expectSameShape(made, documented.sshKey)
    expectSameShape(made.key, documented.sshKey.key)
    const keys = await say("GET", `/api/v0/instances/${id}/ssh/`)
    expectSameShape(keys, documented.instanceKeys)
    expectSameShape(JSON.parse(keys.ssh_keys)[0], JSON.parse(documented.instanceKeys.ssh_keys)[0])
    expectSameShape(await say("PUT", `/api/v0/instances/prepay/${id}/`, { amount: 10 }), documented.prepay)
    expectSameShape(await say("GET", `/api/v0/instances/balance/${id}/`), documented.deposit)
    expectSameShape(await say("GET", "/api/v0/users/current/"), documented.user)
  })
})
