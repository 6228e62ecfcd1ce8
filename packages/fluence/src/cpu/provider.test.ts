import { describe, expect, it, test } from "vitest"
import { cloudOf, id, image, listed, offerRow, offers, otherId, ref, search } from "./cloud.test-support.ts"
import answers from "./fixtures/answers.json" with { type: "json" }

describe("offers", () => {
  it("asks for everything, and names one offer per configuration and country", async () => {
    const { vms, run, bodies } = cloudOf(offers)
    const listing = await run(vms.offers())
    expect(listing.items.map(({ id }) => id)).toEqual([
      "cpu-2-ram-4gb-storage-25gb@PL",
      "cpu-2-ram-4gb-storage-25gb@FR"
    ])
    expect(listing.complete).toBe(true)
    expect(bodies(search)).toEqual([{}])
  })

  it("asks for countries where they are wanted, and filters again", async () => {
    const { vms, run, bodies } = cloudOf(offers)
    expect((await run(vms.offers({ countries: ["fr"] }))).items).toHaveLength(1)
    expect(bodies(search)).toEqual([{ datacenter: { countries: ["FR"] } }])
    expect((await run(vms.offers({ minVcpus: 3 }))).items).toEqual([])
  })

  it.each([{ gpu: "H100" }, { gpuCount: 1 }, { minVramMiB: 1 }])(
    "asks nothing where a GPU is wanted: %j",
    async (filter) => {
      const { vms, run, sent } = cloudOf(offers)
      expect(await run(vms.offers(filter))).toMatchObject({ items: [], complete: true })
      expect(sent).toEqual([])
    }
  )

  it("a row that cannot be read costs only itself", async () => {
    const { vms, run } = cloudOf({ [search]: { json: [{ configuration: { price: "1" } }, offerRow("1")] } })
    const listing = await run(vms.offers())
    expect(listing).toMatchObject({ complete: false, problems: [{ part: "offers[0]" }] })
    expect(listing.items).toHaveLength(1)
  })
})

describe("reading", () => {
  it("finds a VM whatever the case of its id", async () => {
    const { vms, run } = cloudOf(listed(answers.vmA))
    for (const spelt of [id, id.toLowerCase(), `0x${id.slice(2).toUpperCase()}`]) {
      expect((await run(vms.get(ref(spelt)))).status).toBe("running")
    }
  })

  it.each(["7", "0x12", `${id}0`, `0x${"g".repeat(40)}`, "da1e9915-3be7-4618-820a-164eebcbdc66"])(
    "%s is no id, and not asked for",
    async (wrong) => {
      const { vms, fails, sent } = cloudOf(listed(answers.vmA))
      expect((await fails(vms.get(ref(wrong))))._tag).toBe("NotFound")
      expect(sent).toEqual([])
    }
  )

  it("lists what the documents show, ended ones included", async () => {
    const { vms, run } = cloudOf(listed(answers.vmA, answers.ended, { ...answers.vmB, id: otherId, status: "STOPPED" }))
    const listing = await run(vms.list())
    expect(listing.items.map(({ status, billing }) => [status, billing])).toEqual([
      ["running", "compute"],
      ["failed", "none"],
      ["terminated", "none"]
    ])
  })

  it("a row of which a field cannot be read is there, and never looks gone", async () => {
    const { vms, run, fails } = cloudOf(listed({ id: otherId.toLowerCase(), status: 7 }, answers.vmA))
    const listing = await run(vms.list())
    expect(listing).toMatchObject({ complete: true, items: [{ status: "unknown" }, { status: "running" }] })
    expect(listing.problems).toMatchObject([{ field: "status", id: otherId.toLowerCase() }])
    expect((await run(vms.get(ref()))).status).toBe("running")
    expect(await run(vms.get(ref(otherId)))).toMatchObject({ status: "unknown", problems: [{ field: "status" }] })
    expect((await fails(vms.get(ref("0xCbfC94101AE30f212790B6Da340fD071B5eee86D"))))._tag).toBe("NotFound")
  })

  it("a row without an id may be any VM that is not seen", async () => {
    const { vms, run, fails } = cloudOf(listed({ status: "Active" }, answers.vmA))
    expect((await run(vms.get(ref()))).status).toBe("running")
    expect((await fails(vms.get(ref(otherId))))._tag).toBe("BadResponse")
  })

  it("a list that is gone is no absence of VMs", async () => {
    const { vms, fails } = cloudOf({})
    expect((await fails(vms.get(ref())))._tag).toBe("BadResponse")
    expect((await fails(vms.terminate(ref())))._tag).toBe("BadResponse")
  })
})

test("images are named by what `os` takes", async () => {
  const { vms, run } = cloudOf({ "GET /vms/v3/default_images": { json: answers.images } })
  const [one] = (await run(vms.images())).items
  expect(one).toEqual({ id: image, name: "Ubuntu 22.04 (LTS) x64", native: answers.images[0] })
})

test("what it can do, and that nothing starts, stops or restarts", () => {
  const { vms } = cloudOf({})
  expect([...vms.capabilities].sort()).toEqual([
    "addSshKey",
    "balance",
    "images",
    "removeSshKey",
    "rename",
    "sshKeys",
    "update"
  ])
  expect([...vms.launchOptions]).toEqual(["os", "sshKeys", "ports"])
  expect([...vms.updateOptions]).toEqual(["name", "ports", "closePorts"])
})
