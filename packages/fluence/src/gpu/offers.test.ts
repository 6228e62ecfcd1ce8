import type { AnyProvider, GpuError, Listing } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { cloudOf } from "../cloud.test-support.ts"
import plans from "./fixtures/plans.json" with { type: "json" }

const image = "docker.io/fluencelabs/debian-ssh-root:11"

describe("offers", () => {
  it("of containers: a plan that cannot be read costs only itself", async () => {
    const rows = [plans.containers[0], { plan: { name: "no id" } }, 7, plans.containers[1]]
    const { cloud, run } = cloudOf({ "GET /gpu/plans/": { json: rows } })
    const listing = await run(cloud.containers.offers())
    expect(listing.items.map(({ pricePerHour: price }) => price?.micros)).toEqual([1_220_000, 2_960_000])
    expect(listing.complete).toBe(false)
    expect(listing.problems.map(({ part, kind }) => [part, kind])).toEqual([
      ["plans[1]", "container"],
      ["plans[2]", "container"]
    ])
  })

  it("of VMs and bare metal: what cannot be read costs itself and what is in it", async () => {
    const [a10, a100] = plans.vms.data
    const [number] = a10?.availability_by_number ?? []
    const [option] = number?.options ?? []
    const broken = {
      ...a10,
      availability_by_number: [{ gpu_count: 2, options: [{ price: 1 }, option] }, { gpu_count: 4 }]
    }
    const json = { data: [broken, { gpu_model: null }, a100] }
    const { cloud, run } = cloudOf({ "GET /gpu/plans/vms": { json }, "GET /gpu/plans/baremetal": { json } })
    const providers: ReadonlyArray<AnyProvider> = [cloud.vms, cloud.baremetal]
    for (const provider of providers) {
      const listing = await run(provider.offers({ gpu: ["A10", "A100"] }))
      expect(listing.items.map(({ gpu, kind: of }) => [gpu?.model, gpu?.count, gpu?.vramMiB, of])).toEqual([
        ["A10", 2, 24_576, provider.kind],
        ["A100 PCIE", 1, 81_920, provider.kind]
      ])
      expect(listing.problems.map(({ part }) => part).sort()).toEqual([
        "2 x a10, options[0]",
        "a10, numbers[1]",
        "data[1]"
      ])
    }
  })

  it("can be filtered by the country of a container, and by the GPU's name in general", async () => {
    const { cloud, run } = cloudOf({ "GET /gpu/plans/": { json: plans.containers } })
    expect((await run(cloud.containers.offers({ gpu: "A100", countries: ["us"] }))).items).toHaveLength(1)
    expect((await run(cloud.containers.offers({ countries: ["NO"] }))).items).toEqual([])
  })
})

describe("images", () => {
  it("of containers are the default images, by what a launch takes", async () => {
    const row = { slug: "debian-ssh-11", name: "Debian SSH 11", description: null, image, expose: [], environment: [] }
    const { cloud, run } = cloudOf({ "GET /gpu/default-images/": { json: [row, { slug: "no image" }] } })
    const listing = await run(cloud.containers.images())
    expect(listing.items).toEqual([{ id: image, name: "Debian SSH 11", native: row }])
    expect(listing.complete).toBe(false)
  })

  it("of VMs are the systems of the plans, each once", async () => {
    const { cloud, run } = cloudOf({ "GET /gpu/plans/vms": { json: plans.vms } })
    const { items, complete } = await run(cloud.vms.images())
    expect(complete).toBe(true)
    expect(items.map(({ id: os }) => os)).toEqual(["ubuntu22.04_cuda12.4_shade_os", "Ubuntu Server 22.04"])
    expect(items[0]?.native).toEqual({
      plans: ["3f6cd2d1-19ac-49fb-95a5-9088bb2dcb49", "0e311c31-1e31-4fc7-b27d-4b73f3f27bc2"]
    })
  })
})

test.each([
  ["GET /gpu/plans/", [], true],
  ["GET /gpu/plans/", null, false],
  ["GET /gpu/plans/vms", { data: [] }, true],
  ["GET /gpu/plans/vms", { data: [{ gpu_model: {}, availability_by_number: [] }] }, true],
  ["GET /gpu/plans/vms", { data: [{ gpu_model: {}, availability_by_number: [{ gpu_count: 1, options: [] }] }] }, true],
  ["GET /gpu/plans/vms", { data: null }, false],
  ["GET /gpu/plans/vms", undefined, false]
])("%s that answers %j has no offers, or cannot be read: never both", async (route, json, isRead) => {
  const { cloud, run, fails } = cloudOf({ [route]: { json } })
  const offers: Effect.Effect<Listing<unknown>, GpuError> = (
    route.endsWith("vms") ? cloud.vms : cloud.containers
  ).offers()
  if (isRead) expect(await run(offers)).toMatchObject({ items: [], complete: true })
  else expect((await fails(offers))._tag).toBe("BadResponse")
})
