import type { Reply } from "@anygpu/conformance"
import { describe, expect, it } from "vitest"
import { page, refusal, row, world } from "./cloud.test-support.ts"

const machines = "GET /deployments"
const market = "GET /gpus/available"

const queryOf = ({ url }: { readonly url: string }) => Object.fromEntries(new URL(url).searchParams)

const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => row({ id: `d${from + index}` }))

describe("the list of machines", () => {
  it.each([
    ["an empty next_cursor", { next_cursor: "" }],
    ["no meta", undefined],
    ["has_more false, whatever the cursor", { next_cursor: "d", has_more: false }],
    ["as many rows as total", { total: 3 }]
  ])("follows cursors to the end: %s", async (_, last) => {
    const { run, vms, to } = world({
      [machines]: [
        page(rows(0, 1), { next_cursor: "b c", has_more: true }),
        page(rows(1, 1), { next_cursor: "c" }),
        page(rows(2, 1), last)
      ]
    })
    const listing = await run(vms.list())
    expect(listing.items.map(({ ref }) => ref.id)).toEqual(["d0", "d1", "d2"])
    expect([listing.complete, listing.problems]).toEqual([true, []])
    expect(to(machines).map(queryOf)).toEqual([{}, { cursor: "b c" }, { cursor: "c" }])
  })

  it("shows a machine once that moved between two pages", async () => {
    const { run, vms } = world({
      [machines]: [
        page([row({ id: "a" }), row({ id: "b" })], { next_cursor: "2" }),
        page([row({ id: "b" }), row({ id: "c" })], {})
      ]
    })
    const listing = await run(vms.list())
    expect(listing.items.map(({ ref }) => ref.id)).toEqual(["a", "b", "c"])
    expect(listing.complete).toBe(true)
  })

  it.each<readonly [string, ReadonlyArray<Reply>, count: number]>([
    ["a cursor comes again", [page(rows(0, 1), { next_cursor: "a" }), page(rows(1, 1), { next_cursor: "a" })], 2],
    [
      "a page brings nothing new and names another one",
      [page(rows(0, 1), { next_cursor: "a" }), page(rows(0, 1), { next_cursor: "b" })],
      1
    ],
    ["there is more and no cursor", [page(rows(0, 1), { has_more: true })], 1],
    ["total is more than what came", [page(rows(0, 1), { total: 2 })], 1],
    [
      "the rows moved while they were read, and fewer came than total",
      [page(rows(0, 2), { next_cursor: "a", total: 4 }), page(rows(1, 2), { has_more: false, total: 4 })],
      3
    ],
    ["a later page fails", [page(rows(0, 1), { next_cursor: "a" }), refusal(400, "BAD_REQUEST")], 1]
  ])("is incomplete and says so when %s", async (_, replies, count) => {
    const { run, vms, to } = world({ [machines]: replies })
    const listing = await run(vms.list())
    expect([listing.items.length, listing.complete, listing.problems.length]).toEqual([count, false, 1])
    expect(listing.problems[0]).toMatchObject({ provider: "huddle", kind: "vm" })
    expect(listing.problems[0]?.part).toMatch(/^page [23] of the machines$/)
    expect(to(machines)).toHaveLength(replies.length)
  })

  it("fails when the first page does", async () => {
    const { fails, vms } = world({ [machines]: refusal(401, "UNAUTHORIZED") })
    expect((await fails(vms.list()))._tag).toBe("Unauthenticated")
  })
})

describe("the offers", () => {
  const types = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      instance_type: `t${from + index}`,
      gpu_model: "A100",
      gpu_count: 1,
      price_per_hr: 1,
      regions: ["FIN-01", "FIN-03"],
      is_available: true
    }))

  it("are asked for by the largest page, what is free only, and no filter", async () => {
    const { run, vms, to } = world({ [market]: page(types(0, 3)) })
    const listing = await run(vms.offers({ gpu: "A100", limit: 4 }))
    expect([listing.items.length, listing.complete]).toEqual([4, true])
    expect(to(market).map(queryOf)).toEqual([{ available_only: "true", limit: "100", page: "1" }])
  })

  it.each([
    ["until total", [page(types(0, 100), { total: 150 }), page(types(100, 50), { total: 150 })]],
    [
      "until has_more is false",
      [page(types(0, 100), { has_more: true }), page(types(100, 50), { has_more: false, total: 999 })]
    ],
    ["until a page is short", [page(types(0, 100), {}), page(types(100, 50), {})]],
    [
      "also where the cloud cuts pages shorter",
      [page(types(0, 100), { total: "150" }), page(types(100, 50), { total: "150" })]
    ]
  ])("are read %s", async (_, replies) => {
    const { run, vms, to } = world({ [market]: replies })
    const listing = await run(vms.offers())
    expect([listing.items.length, listing.complete]).toEqual([300, true])
    expect(to(market).map((request) => queryOf(request).page)).toEqual(["1", "2"])
  })

  it("that are announced and never shown are said", async () => {
    const { run, vms, to } = world({ [market]: page(types(0, 3), { total: 24 }) })
    const listing = await run(vms.offers())
    expect([listing.items.length, listing.complete]).toEqual([6, false])
    expect(to(market)).toHaveLength(2)
  })

  it("of one type in several rows are all shown: each row has places of its own", async () => {
    const [type] = types(0, 1)
    const found = [
      { ...type, regions: ["FIN-01"] },
      { ...type, regions: ["ICE-01"], price_per_hr: 2 }
    ]
    const { run, vms } = world({ [market]: page(found) })
    const { items, complete } = await run(vms.offers())
    expect([items.map(({ id }) => id), complete]).toEqual([["t0@FIN-01", "t0@ICE-01"], true])
  })

  it("are filtered by place: each has its own", async () => {
    const regions = [{ code: "FIN-01", country_code: "FI" }, { code: "ICE-01", country_code: "IS" }, "XXX-01"]
    const { run, vms } = world({ [market]: page([{ ...types(0, 1)[0], regions }]) })
    const { items } = await run(vms.offers({ countries: ["is"] }))
    expect(items.map(({ id }) => id)).toEqual(["t0@ICE-01"])
  })
})
