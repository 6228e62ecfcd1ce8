import { existing, formatMoney, money } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { publicKey, world } from "./cloud.test-support.ts"
import volume from "./fixtures/volume.json" with { type: "json" }
import volumeTypes from "./fixtures/volume-types.json" with { type: "json" }
import { volumePerHour } from "./volumes.ts"

const here = { ...volume, id: "v1", cloud: "massedcompute", region: "kansascity-usa-1" }

/** An account with these volumes, and a launch that attaches one of them. */
const account = async (...volumes: ReadonlyArray<object>) => {
  const opened = world({
    "GET /v1/volumes": { json: { volumes } },
    "GET /v1/volumes/types": { json: volumeTypes },
    "GET /v1/sshkeys": { json: { ssh_keys: [{ id: "k1", name: "me", public_key: publicKey, is_default: false }] } },
    "POST /v1/instances/create": { json: { id: "m1" } },
    "GET /v1/instances": { json: { instances: [] } },
    "GET /v1/instances/m1/info": { status: 404, json: { error: "not found" } }
  })
  const [offer] = (await opened.run(opened.vms.offers())).items
  if (!offer) throw new Error("no offer")
  const spec = { offer, name: "job", sshKeys: [publicKey] }
  const attach = (id: string, more: object = {}) =>
    opened.vms.launch({ ...spec, attach: [{ provider: "shadeform", id, region: null, ...more }] })
  return { ...opened, attach }
}

describe("a volume", () => {
  it("is listed with its place, its price, and the machine that has it", async () => {
    const { run, vms } = await account(volume, { ...here, mounted_by: "m9" })
    const { items } = await run(vms.volumes())
    expect(items).toMatchObject([
      {
        ...{ provider: "shadeform", id: volume.id, name: "mystoragevolume", sizeMiB: 102_400, attachedTo: [] },
        ...{ type: "digitalocean", location: { region: "tor1" }, pricePerHour: money("0.0084") }
      },
      // No document has the price of that cloud's volumes.
      { id: "v1", pricePerHour: null, attachedTo: ["m9"] }
    ])
    expect(items[0] && existing(items[0])).toEqual({ provider: "shadeform", id: volume.id, region: "tor1" })
  })

  it("is attached as a raw disk: nothing is asked for that would format it", async () => {
    const { run, attach, to } = await account(here)
    await run(attach("v1"))
    const [sent] = to("POST /v1/instances/create")
    expect(sent?.json).toMatchObject({ volume_ids: ["v1"] })
    expect(sent?.json).not.toHaveProperty("volume_mount")
  })

  it.each([
    ["of another account", [], "v1", {}, "is no volume of this account"],
    ["of another cloud in a region of the same name", [{ ...here, cloud: "nebius" }], "v1", {}, "of nebius"],
    ["in another region", [{ ...here, region: "tor1" }], "v1", {}, "stands in tor1"],
    ["that a machine has", [{ ...here, mounted_by: "m9" }], "v1", {}, "is on machine m9"],
    ["with a folder", [here], "v1", { path: "/data" }, "is not for Shadeform"]
  ])("%s makes nothing", async (_, volumes, id, more, words) => {
    const { fails, attach, to } = await account(...volumes)
    const error = await fails(attach(id, more))
    expect(error._tag).toBe("InvalidRequest")
    expect(error.message).toContain(words)
    expect(to("POST /v1/instances/create")).toHaveLength(0)
  })

  it("that several machines may have is attached to a further one", async () => {
    const { run, attach, to } = await account({ ...here, mounted_by: "m9", supports_multi_mount: true })
    await run(attach("v1"))
    expect(to("POST /v1/instances/create")).toHaveLength(1)
  })
})

test.each([
  [".000097", 1, "$0.000097"],
  ["0.00028", 100, "$0.028"],
  // Digits beyond micros are not rounded before they are multiplied.
  ["0.0000001", 1000, "$0.0001"],
  ["0", 100, null],
  [null, 100, null],
  [".000097", null, null]
])("%s for a GB, of which there are %s", (perGB, gb, price) => {
  const perHour = volumePerHour(perGB, gb)
  expect(perHour && formatMoney(perHour)).toBe(price)
})
