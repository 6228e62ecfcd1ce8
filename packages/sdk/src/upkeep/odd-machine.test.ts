import { describe, expect, it } from "vitest"
import { leaseWorld, type Row } from "../testing/leases.test-support.ts"

const hour = 3_600_000

/** What clouds were seen to send, and what nobody would. */
const oddities: ReadonlyArray<readonly [string, Row]> = [
  ["a port as a text", { ssh_port: "17001" }],
  ["an impossible port", { ssh_port: 99_999 }],
  ["a label that is a number", { label: 12_345 }],
  ["a label that is a list", { label: ["agabcdefghij"] }],
  ["a flag that is a number", { is_bid: 0 }],
  ["a day as a start", { start_date: "2026-01-01" }],
  ["an end in milliseconds", { end_date: 9.9e12 }],
  ["a price as a text", { dph_total: "0.41" }],
  ["a price beyond all", { dph_total: 1e18 }],
  ["a price below zero", { dph_total: -1 }],
  ["half a GPU", { num_gpus: 0.5 }],
  ["a port map of nulls", { ports: { "22/tcp": [null] } }],
  ["a port map that is a list", { ports: [1, 2] }],
  ["a status that is a number", { actual_status: 7 }],
  ["a status of a new word", { actual_status: "hibernating", cur_state: "hibernating" }],
  ["a status that is an object", { cur_state: {}, intended_status: {}, next_state: [] }],
  ["an image that is a number", { image_uuid: 17 }],
  ["a disk that is a text", { disk_space: "some" }],
  ["an address that is an object", { public_ipaddr: { v4: "1.2.3.4" } }],
  ["environment that is null", { extra_env: null, onstart: 5 }],
  ["hostile words", { gpu_name: "\u001b[31mH100\u202e", label: "\u0000../../x" }]
]

const everything = (row: Row): void => {
  for (const name of Object.keys(row)) if (name !== "id") row[name] = { odd: true }
}

/** Our machine, rented for an hour that is over, and one of somebody else; rows are changed from then on. */
const due = async (change: (row: Row) => void, whose: "theirs" | "ours") => {
  let odd: string | null = null
  const world = leaseWorld({ alter: (row) => void (String(row["id"]) === odd && change(row)) })
  const ours = await world.during(world.gpu.rent({ ...(await world.spec()), ttl: "1 hour" }))
  const theirs = String(world.simulator.addMachine())
  await world.clock.advance(2 * hour)
  odd = whose === "ours" ? ours.ref.id : theirs
  return { ...world, ours, theirs }
}

const all: ReadonlyArray<readonly [string, (row: Row) => void]> = [
  ...oddities.map(([name, fields]) => [name, (row: Row) => void Object.assign(row, fields)] as const),
  ["nothing but its id", everything]
]

describe.each(all)("beside a machine of somebody else with %s", (_, change) => {
  it("an audit counts both, and a sweep ends ours alone", async () => {
    const { audit, sweep, ours, theirs, alive } = await due(change, "theirs")
    const found = await audit()
    expect(found).toMatchObject({ complete: true, overdue: [{ ref: ours.ref }], lost: [], unsettled: [] })
    expect(found.unclaimed.map(({ ref }) => ref.id)).toEqual([theirs])
    expect(await sweep()).toMatchObject({ ended: [{ ref: ours.ref }], failed: [] })
    expect(alive().map(({ id }) => String(id))).toEqual([theirs])
  })
})

describe.each(all)("our own machine with %s", (_, change) => {
  it("is overdue in an audit, and ended by a sweep", async () => {
    const { audit, sweep, ours, theirs, alive } = await due(change, "ours")
    expect(await audit()).toMatchObject({ complete: true, overdue: [{ ref: ours.ref }], lost: [] })
    expect(await sweep()).toMatchObject({ ended: [{ ref: ours.ref }], failed: [] })
    expect(alive().map(({ id }) => String(id))).toEqual([theirs])
  })
})
