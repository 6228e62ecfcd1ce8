import { describe, expect, it, test } from "vitest"
import { createClient } from "../testing/client.ts"
import { grepOf } from "./grep.ts"

test("the retired list is a 410, behind a switch; the v1 list goes on", async () => {
  const { call } = createClient({ v0ListRetired: true })
  expect(await call("GET", "/api/v0/instances/")).toEqual({ status: 410, body: { error: "deprecated_endpoint" } })
  expect((await call("GET", "/api/v0/instances/?owner=me")).status).toBe(410)
  expect((await call("GET", "/api/v1/instances/")).status).toBe(200)
  expect((await createClient().call("GET", "/api/v0/instances/")).body).toEqual({ instances_found: 0, instances: [] })
})

test("filters are a route, not an id", async () => {
  const { call, simulator } = createClient({ credit: 100 })
  for (let index = 0; index < 2; index++) simulator.addMachine()
  const { status, body } = await call("GET", "/api/v0/instances/filters/")
  expect(status).toBe(200)
  expect(body.filters.length).toBeGreaterThan(0)
  for (const row of body.filters) expect(Object.keys(row)).toEqual(["actual_status", "verification", "gpu_name"])
})

describe("price increases", () => {
  const pending = "/api/v0/instances/pending-price-increases/"

  it("are shown in the vendor's form, and decided one by one", async () => {
    const { call, simulator } = createClient({ credit: 100 })
    const [first, second] = [simulator.addMachine(), simulator.addMachine()]
    const empty = { success: true, count: 0, truncated: false, pending_price_increases: [] }
    expect((await call("GET", pending)).body).toEqual(empty)
    const ids = [simulator.raisePrice(first, 1.5), simulator.raisePrice(second, 2)]
    const { body } = await call("GET", pending)
    expect(body).toMatchObject({ success: true, count: 2, truncated: false })
    const [row] = body.pending_price_increases
    expect(row).toMatchObject({ pending_price_increase_id: ids[0], contract_id: first, new_bwu_cost: null })
    expect(row.new_gpu_costpersec).toBeCloseTo(row.old_gpu_costpersec * 1.5, 12)
    const accepted = await call("PUT", "/api/v0/instances/accept-price-increase/", {
      pending_price_increase_id: ids[0]
    })
    expect(accepted.body).toEqual({ success: true, pending_price_increase_id: ids[0], contract_id: first })
    const rejected = await call("PUT", "/api/v0/instances/reject-price-increase/", {
      pending_price_increase_id: ids[1]
    })
    expect(rejected.body.contract_id).toBe(second)
    expect((await call("GET", pending)).body).toEqual(empty)
  })

  it("that are stale are 404, and a body with more is refused", async () => {
    const { call, simulator } = createClient({ credit: 100 })
    const id = simulator.raisePrice(simulator.addMachine(), 2)
    const accept = (body: unknown) => call("PUT", "/api/v0/instances/accept-price-increase/", body)
    expect(await accept({ pending_price_increase_id: 1 })).toEqual({
      status: 404,
      body: { success: false, error: "no_pending_price_increase" }
    })
    expect((await accept({ pending_price_increase_id: id, host_id: 7 })).status).toBe(400)
    expect((await accept({})).status).toBe(400)
  })
})

describe("log filters are patterns of grep", () => {
  test.each([
    ["a.c", "abc", true],
    ["a[.]c", "abc", false],
    ["a\\.c", "a.c", true],
    ["^b", "abc", false],
    ["c$", "abc", true],
    ["a+b", "a+b", true],
    ["a+b", "aab", false],
    ["a\\+b", "aab", true],
    ["\\(x\\|y\\)z", "yz", true],
    ["(x)", "(x)", true],
    ["[]x]y", "]y", true],
    ["[^]x]y", "xy", false],
    ["\\<go\\>", "let go now", true],
    ["\\<go\\>", "gone", false]
  ])("%s on %s", (pattern, line, isMatch) => expect(grepOf(pattern)?.(line)).toBe(isMatch))

  test.each(["a\\", "[a"])("%s is not a pattern", (pattern) => expect(grepOf(pattern)).toBeNull())

  it("in the logs", async () => {
    const { call, simulator } = createClient({ credit: 100 })
    const id = simulator.addMachine()
    for (const line of ["loss=0.5", "loss 5", "done"]) simulator.writeLog(id, line)
    const read = async (filter: string) => {
      const { body } = await call("PUT", `/api/v0/instances/request_logs/${id}/`, { filter })
      await simulator.clock.sleep(10_000)
      return (await call("GET", body.result_url)).body
    }
    expect(await read("loss.")).toBe("loss=0.5\nloss 5\n")
    expect(await read("loss[=]0[.]5")).toBe("loss=0.5\n")
    expect(await read("[")).toBe("")
  })
})

describe("search aliases", () => {
  test.each([
    ["ubuntu_version", { eq: "22.04" }, (row: Record<string, unknown>) => row.os_version === "22.04"],
    ["dphtotal", { lte: 1 }, (row: Record<string, unknown>) => Number(row.dph_total) <= 1],
    ["gpu_totalram", { gte: 80_000 }, (row: Record<string, unknown>) => Number(row.gpu_total_ram) >= 80_000],
    ["gpu_totalram_GB", { gte: 80 }, (row: Record<string, unknown>) => Number(row.gpu_total_ram) >= 80_000],
    ["gpu_ram_GB", { lt: 24 }, (row: Record<string, unknown>) => Number(row.gpu_ram) < 24_000],
    ["cpu_ram_GB", { gt: 200 }, (row: Record<string, unknown>) => Number(row.cpu_ram) > 200_000],
    ["reliability2", { gte: 0.98 }, (row: Record<string, unknown>) => Number(row.reliability) >= 0.98]
  ])("%s", async (field, filter, isRight) => {
    const { call } = createClient({ offers: 80 })
    const all = (await call("POST", "/api/v0/bundles/", { limit: 100 })).body.offers
    const found = (await call("POST", "/api/v0/bundles/", { limit: 100, [field]: filter })).body.offers
    expect(found.length).toBeGreaterThan(0)
    expect(found.map(({ id }: { id: number }) => id).sort()).toEqual(
      all
        .filter(isRight)
        .map(({ id }: { id: number }) => id)
        .sort()
    )
    expect(found.length).toBeLessThan(all.length)
  })

  it("sort as well", async () => {
    const { call } = createClient()
    const offers = async (column: string) =>
      (await call("POST", "/api/v0/bundles/", { order: [[column, "asc"]] })).body.offers.map(
        ({ id }: { id: number }) => id
      )
    expect(await offers("dphtotal")).toEqual(await offers("dph_total"))
  })
})

test("a machine shows its network speeds", async () => {
  const { show, rent } = createClient()
  expect(await show(await rent())).toMatchObject({ inet_up: expect.any(Number), inet_down: expect.any(Number) })
})
