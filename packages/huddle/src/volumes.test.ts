import { InstanceRef } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { ok, page, refusal, row, world } from "./cloud.test-support.ts"

const ref = new InstanceRef("huddle", "vm", "dep_abc123")
const gone = refusal(404, "NOT_FOUND")

describe("what a machine leaves behind", () => {
  const volume = (id: string, more: object = {}) => ({
    id,
    name: `disk ${id}`,
    size: 500,
    status: "detached",
    is_os_volume: false,
    base_hourly_cost: 0.05,
    currency: "USD",
    ...more
  })
  const ended = {
    "GET /deployments/dep_abc123": ok(row({ status: "deleted" })),
    "DELETE /deployments/dep_abc123": gone
  }
  const left = async (volumes: ReadonlyArray<unknown>, more: Parameters<typeof world>[0] = {}) => {
    const { run, vms } = world({ ...ended, "GET /volumes": page(volumes), ...more })
    return (await run(vms.terminate(ref))).leftovers
  }

  it("is named with its size and cost", async () => {
    const [sentence, ...others] = await left([volume("vol_1")])
    expect(others).toEqual([])
    for (const part of ["disk vol_1", "500 GB", "vol_1", "detached", "$0.05 per hour"]) expect(sentence).toContain(part)
    expect((await left([volume("vol_1", { base_hourly_cost: null })]))[0]).toContain("may go on costing money")
  })

  it("are data volumes that are detached, are its own, or are nobody's", async () => {
    const found = await left(
      [
        volume("detached"),
        volume("own", { status: "attached", instance_id: "dep_abc123" }),
        volume("nobodys", { status: "attached", instance_id: "verda-gone" }),
        volume("unknown", { status: null }),
        volume("boot", { is_os_volume: true, status: "attached", instance_id: "dep_abc123" }),
        volume("deleted", { status: "deleted" }),
        volume("others", { status: "attached", instance_id: "dep_other" }),
        volume("others-too", { status: "attached", instance_id: "verda-other" })
      ],
      {
        "GET /deployments": page([
          row({ id: "dep_other", provider_id: "verda-other" }),
          row({ id: "dep_past", provider_id: "verda-gone", status: "deleted" })
        ])
      }
    )
    expect(found.map((sentence) => /\((\w+), /.exec(sentence)?.[1])).toEqual(["detached", "own", "nobodys", "unknown"])
  })

  it("are boot disks that stay detached: no document says that they go with their machine", async () => {
    const [sentence, ...others] = await left([
      volume("vol_1", { is_os_volume: true }),
      volume("vol_2", { is_os_volume: true, status: "Deleted" }),
      volume("vol_3", { status: " DELETED" })
    ])
    expect(others).toEqual([])
    expect(sentence).toMatch(/^The boot disk "disk vol_1".*\$0\.05 per hour/)
  })

  it("is not sought among the machines when no volume says that one has it", async () => {
    expect(await left([volume("a"), volume("b", { status: "deleted", instance_id: "x" })])).toHaveLength(1)
  })

  it("that could not be read is said, and is no failure of the end", async () => {
    expect((await left([], { "GET /volumes": refusal(500, "INTERNAL") }))[0]).toMatch(/could not all be read/)
    const partly = await left([], { "GET /volumes": page([volume("a")], { has_more: true }) })
    expect(partly).toHaveLength(2)
    expect(partly[1]).toMatch(/could not all be read/)
    const attached = volume("a", { status: "attached", instance_id: "dep_other" })
    for (const machines of [refusal(500, "INTERNAL"), page([row({ id: "x" })], { has_more: true })]) {
      expect(await left([attached, volume("b")], { "GET /deployments": machines })).toMatchObject([
        expect.stringContaining("disk b"),
        expect.stringContaining("could not be listed")
      ])
    }
  })

  it("is read from every page", async () => {
    const found = await left([], {
      "GET /volumes": ({ url }) =>
        url.endsWith("?cursor=c2") ? page([volume("b")], {}) : page([volume("a")], { next_cursor: "c2" })
    })
    expect(found).toHaveLength(2)
  })
})
