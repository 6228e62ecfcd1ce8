import { canonicalGpu, InstanceRef, isReady, money } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { refusal, world } from "./cloud.test-support.ts"
import errors from "./fixtures/errors.json" with { type: "json" }
import exampleTypes from "./fixtures/example-types.json" with { type: "json" }
import fileSystems from "./fixtures/file-systems.json" with { type: "json" }
import images from "./fixtures/images.json" with { type: "json" }
import instances from "./fixtures/instances.json" with { type: "json" }
import keys from "./fixtures/keys.json" with { type: "json" }
import restarted from "./fixtures/restarted.json" with { type: "json" }
import terminated from "./fixtures/terminated.json" with { type: "json" }
import types from "./fixtures/types.json" with { type: "json" }

const [booting] = instances.data
const [active] = restarted.data.restarted_instances
const [ending] = terminated.data.terminated_instances
const ref = new InstanceRef("lambda", "vm", "0920582c7ff041399e34823a0be62549")

const shown = async (row: unknown) => {
  const { run, vms } = world({ [`GET /instances/${ref.id}`]: { json: { data: row } } })
  return run(vms.get(ref))
}

const listed = async (json: unknown, filter = {}) => {
  const { run, vms } = world({ "GET /instance-types": { json } })
  return (await run(vms.offers(filter))).items
}

describe("documented payloads in the common model", () => {
  it("a type is an offer in each region that has it, in dollars", async () => {
    const a10 = await listed(types, { gpu: "A10" })
    expect(a10.map(({ id, pricePerHour, location }) => [id, pricePerHour, location])).toEqual([
      ["gpu_1x_a10@us-east-1", money("0.75"), { country: "US", region: "us-east-1", native: "Virginia, USA" }],
      ["gpu_1x_a10@us-west-1", money("0.75"), { country: "US", region: "us-west-1", native: "California, USA" }]
    ])
    expect(a10[0]).toMatchObject({
      ...{ gpu: { model: "A10", count: 1, vramMiB: 24_576 }, vcpus: 30, memoryMiB: 204_800 },
      ...{ diskMiB: 1_433_600, storageMiB: 1_433_600, availability: "available", interruptible: false },
      terms: { compute: { perHour: money("0.75"), stepSeconds: 60, minimumSeconds: 0 }, storage: null, traffic: null }
    })
  })

  it("a type that no region has now is no offer, and one whose regions cannot be read is unknown", async () => {
    expect(await listed(types, { gpu: "GH200" })).toEqual([])
    const gh200 = { ...types.data.gpu_1x_gh200, regions_with_capacity_available: "odd" }
    expect(await listed({ data: { gpu_1x_gh200: gh200 } })).toMatchObject([
      { id: "gpu_1x_gh200", availability: "unknown", location: { region: null } }
    ])
  })

  it("all of the types that Lambda listed have a known GPU, and places a country", async () => {
    const here = [{ name: "us-east-1", description: "Virginia, USA" }]
    const places = Object.entries(types.data).map(([name, row]) => {
      const had = row.regions_with_capacity_available
      return [name, { ...row, regions_with_capacity_available: had.length > 0 ? had : here }]
    })
    const all = await listed({ data: Object.fromEntries(places) })
    expect(all).toHaveLength(36)
    for (const { id, gpu, location } of all) {
      expect(gpu?.known, id).toBe(true)
      expect(location.country, id).not.toBeNull()
    }
    const models = new Map(all.map(({ id, gpu }) => [id.split("@")[0], gpu?.model]))
    expect(Object.fromEntries(models)).toMatchObject({
      ...{ gpu_1x_h100_sxm5: "H100 SXM", gpu_1x_h100_pcie: "H100 PCIE", gpu_8x_a100: "A100 SXM4" },
      ...{ gpu_1x_a100: "A100 PCIE", gpu_1x_rtx6000: "Quadro RTX 6000", gpu_1x_a6000: "RTX A6000", gpu_8x_v100: "V100" }
    })
  })

  it("a machine without a GPU comes where it is asked for", async () => {
    const regions_with_capacity_available = [{ name: "us-east-1", description: "Virginia, USA" }]
    const market = { data: { cpu_4x_general: { ...types.data.cpu_4x_general, regions_with_capacity_available } } }
    const [cpu] = await listed(market, { kind: "vm", minVcpus: 4 })
    expect(cpu).toMatchObject({ id: "cpu_4x_general@us-east-1", gpu: null, vcpus: 4, pricePerHour: money("0.2") })
    expect(await listed(market)).toEqual([])
    expect(await listed(market, { kind: "vm", minVcpus: 4, gpuCount: 1 })).toEqual([])
  })

  it("the API's own example, whose regions are not described", async () => {
    const [example] = await listed(exampleTypes)
    expect(example).toMatchObject({
      ...{ id: "gpu_8x_example@us-west-1", pricePerHour: money("15.92") },
      ...{ gpu: { model: "Example GPU", known: false, count: 8, vramMiB: 40_960, interface: "sxm" } },
      location: { country: null, region: "us-west-1", native: "us-west-1" }
    })
  })

  it("a machine that boots: its address is there before it is up", async () => {
    const machine = await shown(booting)
    expect(machine).toMatchObject({
      ...{
        status: "starting",
        billing: "unknown",
        name: "My Instance",
        marker: null,
        actions: ["rename", "terminate"]
      },
      ...{
        gpu: { ...canonicalGpu("H100 SXM", { vramMiB: 81_920 }), count: 8 },
        vcpus: 208,
        pricePerHour: money("35.92"),
        createdAt: null
      },
      ...{ location: { country: "US", region: "us-west-1" } },
      endpoints: { ssh: [{ host: "198.51.100.2", port: 22, user: "ubuntu", via: "direct" }] }
    })
    expect(isReady(machine)).toBe(false)
    expect(machine.native).toMatchObject({ status: "booting", file_system_names: ["my-filesystem"] })
  })

  it("a machine that is up, and one that is being ended", async () => {
    const up = await shown(active)
    expect(up).toMatchObject({ status: "running", billing: "compute", actions: ["restart", "rename", "terminate"] })
    expect(isReady(up)).toBe(true)
    expect(await shown(ending)).toMatchObject({ status: "terminating", billing: "none", actions: [] })
    const busy = { ...active, actions: { ...active?.actions, restart: { available: false, reason_code: "x" } } }
    expect(await shown(busy)).toMatchObject({ status: "running", actions: ["rename", "terminate"] })
  })

  it("the Jupyter token reaches nobody", async () => {
    expect(JSON.stringify(await shown(active))).not.toMatch(/jupyter|03b7d30d/)
  })

  it("the marker is the tag's, whatever the name became, and the name's where there is no tag", async () => {
    const [tag, inName] = ["ag1x9k2m4p7q", "ag0000000000"]
    const of = async (name: string, tags: unknown) => {
      const { marker, name: plain } = await shown({ ...active, name, tags })
      return [plain, marker]
    }
    expect(await of("renamed", [{ key: "anygpu", value: tag }])).toEqual(["renamed", tag])
    expect(await of(`a-${inName}`, [{ key: "anygpu", value: tag }])).toEqual(["a", tag])
    expect(await of(`a-${inName}`, undefined)).toEqual(["a", inName])
    expect(await of("a", [{ key: "anygpu", value: "theirs" }])).toEqual(["a", null])
  })

  it("words that no document explains are unknown", async () => {
    for (const status of ["preempted", "contactable"]) {
      expect(await shown({ ...active, status })).toMatchObject({ status: "unknown", billing: "unknown" })
    }
    expect(await shown({ ...active, status: "unhealthy" })).toMatchObject({ status: "failed", billing: "unknown" })
  })

  it("images by family and region, keys by their names", async () => {
    const { run, vms } = world({ "GET /images": { json: images } })
    expect((await run(vms.images())).items).toMatchObject([
      { id: "43336648-096d-4cba-9aa2-f9bb7727639d", name: "ubuntu-lts in us-west-1" }
    ])
    expect((await run(vms.sshKeys())).items).toMatchObject([
      { name: "my-public-key", publicKey: keys.data[0]?.public_key }
    ])
  })
})

describe("what is left when a machine is gone", () => {
  const left = async (rows: unknown) => {
    const gone = refusal(404, "global/object-does-not-exist")
    const { run, vms } = world({
      [`GET /instances/${ref.id}`]: gone,
      "GET /instances": { json: { data: [] } },
      "POST /instance-operations/terminate": gone,
      "GET /file-systems": Array.isArray(rows) ? { json: { data: rows } } : refusal(500, "global/unknown")
    })
    return (await run(vms.terminate(ref))).leftovers
  }
  const [used] = fileSystems.data

  it("is a file system that no machine uses and that stores something", async () => {
    const [sentence, ...others] = await left([
      used,
      { ...used, id: "f2", name: "free", is_in_use: false },
      { ...used, id: "f3", is_in_use: false, bytes_used: 0 }
    ])
    expect(others).toEqual([])
    expect(sentence).toBe(
      'The file system "free" in us-west-1 with 1.0 GiB (f2) is used by no machine and goes on costing by what it stores: delete it if nobody needs it'
    )
  })

  it("is not known where it cannot be read", async () => {
    expect(await left(null)).toEqual([expect.stringMatching(/could not be read .* look in the console/)])
  })
})

describe("refusals", () => {
  const table: ReadonlyArray<readonly [status: number, name: keyof typeof errors, tag: string]> = [
    [400, "ApiErrorInsufficientCapacity", "NoCapacity"],
    [400, "ApiErrorQuotaExceeded", "PermissionDenied"],
    [400, "ApiErrorInvalidParameters", "InvalidRequest"],
    [400, "ApiErrorFileSystemInWrongRegion", "InvalidRequest"],
    [400, "ApiErrorLaunchResourceNotFound", "InvalidRequest"],
    [404, "ApiErrorLaunchResourceNotFound", "InvalidRequest"],
    [401, "ApiErrorUnauthorized", "Unauthenticated"],
    [403, "ApiErrorAccountInactive", "PermissionDenied"],
    [403, "ApiErrorInvalidBillingAddress", "PermissionDenied"],
    [403, "ApiErrorForbidden", "PermissionDenied"],
    [409, "ApiErrorInternal", "ProviderFault"],
    [409, "ApiErrorConflict", "Conflict"]
  ]
  it.each(table)("%i %s of a launch", async (status, name, tag) => {
    const { fails, cloud, to } = world({ "POST /instance-operations/launch": { status, json: errors[name] } })
    const body = { region_name: "us-west-1", instance_type_name: "gpu_1x_a10", ssh_key_names: ["a"] }
    expect(await fails(cloud.native.launchInstance({ body }))).toMatchObject({ _tag: tag, provider: "lambda" })
    expect(to("POST /instance-operations/launch")).toHaveLength(1)
  })

  it("an end that is refused is asked for again: the machine may boot, or be ending already", async () => {
    const route = "POST /instance-operations/terminate"
    const { fails, cloud } = world({ [route]: refusal(400, "global/unknown", "An unknown error occurred.") })
    const error = await fails(cloud.native.terminateInstance({ body: { instance_ids: ["a"] } }))
    expect(error).toMatchObject({ _tag: "Conflict", retry: "temporary" })
  })

  it("a 404 of something else than Lambda says nothing about a machine", async () => {
    const { fails, vms } = world({
      [`GET /instances/${ref.id}`]: refusal(404, "global/not-found"),
      "GET /instances": { json: { data: [] } }
    })
    expect(await fails(vms.get(ref))).toMatchObject({ _tag: "BadResponse" })
  })
})
