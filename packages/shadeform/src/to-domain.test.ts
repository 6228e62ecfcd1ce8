import { canonicalGpu, InstanceRef, isReady, money } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { describe, expect, it } from "vitest"
import { world } from "./cloud.test-support.ts"
import active from "./fixtures/active.json" with { type: "json" }
import instances from "./fixtures/instances.json" with { type: "json" }
import keys from "./fixtures/keys.json" with { type: "json" }
import pending from "./fixtures/pending.json" with { type: "json" }
import preempted from "./fixtures/preempted.json" with { type: "json" }
import spot from "./fixtures/spot.json" with { type: "json" }
import types from "./fixtures/types.json" with { type: "json" }

const ref = new InstanceRef("shadeform", "vm", pending.id)
const [type] = types.instance_types

const shown = async (json: unknown) => {
  const { run, vms } = world({ [`GET /v1/instances/${pending.id}/info`]: { json } })
  return run(vms.get(ref))
}

const offersOf = async (change: object) => {
  const { run, cloud } = world({ "GET /v1/instances/types": { json: { instance_types: [{ ...type, ...change }] } } })
  const { vms, containers, baremetal } = cloud.kinds
  const both = { interruptible: false } as const
  return { vms: await run(vms.offers(both)), others: [await run(containers.offers()), await run(baremetal.offers())] }
}

describe("documented payloads in the common model", () => {
  it("a type is an offer for each region, on demand in cents and spot in a decimal text", async () => {
    const { run, vms } = world()
    const { items } = await run(vms.offers())
    const [taken] = (await run(vms.offers({ interruptible: true }))).items
    const gpu = { ...canonicalGpu("A6000", { vramMiB: 49_152 }), count: 1 }
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      ...{ id: "massedcompute+A6000@kansascity-usa-1", kind: "vm", vcpus: 6, memoryMiB: 49_152, diskMiB: 262_144 },
      ...{ pricePerHour: money("0.57"), availability: "available", interruptible: false, minimumBid: null },
      gpu: { model: gpu.model, known: true, count: 1, vramMiB: 49_152 },
      location: { country: "US", region: "kansascity-usa-1", native: "US, Kansas City, KS" },
      systems: ["ubuntu22.04_cuda12.6_shade_os"],
      terms: { storage: null, traffic: "unknown", accountFloor: money(5), includedDiskMiB: 262_144 }
    })
    expect(taken).toMatchObject({
      ...{ id: "massedcompute+A6000+spot@kansascity-usa-1", pricePerHour: money("0.31"), interruptible: true },
      availability: "unavailable"
    })
  })

  it("a row from before spot is on demand; a rental that no document knows, and a price of nothing, are no guess", async () => {
    const [row] = type?.availability ?? []
    const { rental_type: _, ...old } = row ?? {}
    const strange = { ...old, rental_type: "reserved" }
    const { vms } = await offersOf({ availability: [old, strange], hourly_price: 0 })
    expect(vms.items).toMatchObject([{ id: "massedcompute+A6000@kansascity-usa-1", pricePerHour: null, terms: null }])
  })

  it.each([
    [1, "0.01"],
    [100, "1"],
    [1400, "14"],
    [123_456_789, "1234567.89"]
  ])("%i cents are exact", async (cents, dollars) => {
    const { vms } = await offersOf({ hourly_price: cents })
    expect(vms.items[0]?.pricePerHour).toEqual(money(dollars))
  })

  it("the kind is that of deployment_type, and a word that no document has is said and not guessed", async () => {
    const bare = await offersOf({ deployment_type: "baremetal" })
    expect([bare.vms.items.length, ...bare.others.map(({ items }) => items.length)]).toEqual([0, 0, 1])
    const { vms, others } = await offersOf({ deployment_type: "serverless" })
    expect([vms, ...others].map(({ items }) => items.length)).toEqual([0, 0, 0])
    expect(vms.problems.map(({ error }) => error.message).join()).toMatch(
      /1 types have the deployment_type "serverless"/
    )
  })

  it("a machine that boots", async () => {
    expect(await shown(pending)).toMatchObject({
      ...{ status: "provisioning", billing: "compute", name: "quickstart", vcpus: 6, memoryMiB: 49_152 },
      ...{ said: "Instance created, waiting on provider to spin up instance", pricePerHour: money("0.57") },
      actions: ["terminate", "rename", "scheduleEnd"],
      endpoints: { ssh: [], ports: [], urls: [] },
      createdAt: DateTime.makeUnsafe("2026-01-28T20:53:39.459529Z"),
      native: { cloud: "massedcompute", cloud_instance_type: "gpu_1x_a6000" }
    })
  })

  it("a machine that is up: no port means 22, and another one is taken as it is", async () => {
    const machine = await shown(active)
    expect(isReady(machine)).toBe(true)
    expect(machine).toMatchObject({
      status: "running",
      actions: ["restart", "terminate", "rename", "scheduleEnd"],
      said: null
    })
    expect(machine.endpoints.ssh).toEqual([
      { host: "123.123.123.123", port: 22, user: "shadeform", via: "direct", command: "ssh shadeform@123.123.123.123" }
    ])
    const ports = { port_mappings: [{ internal_port: 8000, external_port: 31_000 }] }
    expect((await shown({ ...active, ssh_port: 2022, ssh_user: "hotaisle", ...ports })).endpoints).toMatchObject({
      ssh: [{ port: 2022, user: "hotaisle" }],
      ports: [{ port: 8000, externalPort: 31_000, host: "123.123.123.123" }]
    })
  })

  it("a spot machine costs what its terms say, and one that was taken back is interrupted and free", async () => {
    expect(await shown(spot)).toMatchObject({ status: "running", interruptible: true, pricePerHour: money("1.50") })
    expect(await shown(preempted)).toMatchObject({ status: "interrupted", reason: "preempted", billing: "none" })
  })

  it("variables, scripts and logins that come along are not shown", async () => {
    const docker = {
      image: "me/a",
      envs: [{ name: "T", value: "secret-1" }],
      registry_credentials: { password: "secret-2" }
    }
    const launch = { launch_configuration: { type: "docker", docker_configuration: docker } }
    const machine = await shown({ ...active, ...launch, envs: [{ name: "T", value: "secret-3" }] })
    expect(machine.native.image).toBe("me/a")
    expect(JSON.stringify(machine)).not.toMatch(/secret-/)
  })

  it("a list says less than a read", async () => {
    const { run, vms } = world({ "GET /v1/instances": { json: instances } })
    expect((await run(vms.list())).items).toMatchObject([{ view: "summary", status: "running", ref: { kind: "vm" } }])
  })

  it("the kind of a machine that was made elsewhere is read from the types, once", async () => {
    const bare = { instance_types: [{ ...type, deployment_type: "baremetal" }] }
    const { run, cloud, to } = world({
      "GET /v1/instances": { json: instances },
      "GET /v1/instances/types": { json: bare }
    })
    const { vms, baremetal } = cloud.kinds
    expect((await run(vms.list())).items).toEqual([])
    expect((await run(baremetal.list())).items).toHaveLength(1)
    expect(to("GET /v1/instances/types")).toHaveLength(1)
  })

  it("a marker in the tags counts where a rename dropped it from the name", async () => {
    const tags = ["anygpu", "anygpu:agk3f9x2m7q1", "anygpu-kind:vm"]
    const row = { ...active, name: "my own name", tags }
    const ends = { auto_delete: { date_threshold: "2026-11-29T19:10:00+01:00", spend_threshold: "5.00" } }
    const { run, vms, to } = world({
      "GET /v1/instances": { json: { instances: [row] } },
      [`GET /v1/instances/${active.id}/info`]: { json: { ...row, ...ends } }
    })
    expect((await run(vms.list())).items).toMatchObject([
      {
        ...{ name: "my own name", marker: "agk3f9x2m7q1" },
        ...{ endsAt: DateTime.makeUnsafe("2026-11-29T18:10:00Z"), endsWhenSpent: money(5) }
      }
    ])
    expect(to("GET /v1/instances/types")).toEqual([])
  })

  it("an empty account is a list; a null in its place is none", async () => {
    const listed = (json: unknown) => world({ "GET /v1/instances": { json } })
    const empty = listed({ instances: [] })
    expect(await empty.run(empty.vms.list())).toMatchObject({ items: [], complete: true })
    const odd = listed({ instances: null })
    expect(await odd.fails(odd.vms.list())).toMatchObject({ _tag: "BadResponse" })
  })

  it("keys of the account", async () => {
    const { run, vms } = world({ "GET /v1/sshkeys": { json: keys } })
    expect((await run(vms.sshKeys())).items.map(({ id, name }) => [id, name])).toEqual([
      ["78a0dd5a-dbb1-4568-b55c-5e7e0a8b0c40", "Shadeform Managed Key"],
      ["26bedfa2-1e98-4ff5-9342-a5b0987a2f0f", "My ssh key"]
    ])
  })
})

describe("refusals", () => {
  const gone = { error: "instance not found" }
  const stock = { error_code: "OUT_OF_STOCK", error: "The instance type [H100] is not available in the region [x]" }
  const funds = { error_code: "INSUFFICIENT_FUNDS", error: "Balance must be a minimum of $5 to launch an instance." }
  const table: ReadonlyArray<readonly [status: number, json: unknown, tag: string]> = [
    [409, stock, "NoCapacity"],
    [409, funds, "OutOfFunds"],
    [409, { error_code: "SOMETHING_ELSE", error: "no" }, "Conflict"],
    [401, { message: "Invalid API key" }, "Unauthenticated"],
    [403, {}, "PermissionDenied"],
    [400, { error: "name is invalid" }, "InvalidRequest"],
    [404, gone, "NotFound"],
    [404, { message: "no Route matched with those values" }, "BadResponse"],
    [405, {}, "Unsupported"],
    [429, {}, "RateLimited"]
  ]
  it.each(table)("%i %j", async (status, json, tag) => {
    const { fails, cloud, to } = world({ "POST /v1/instances/x/restart": { status, json } })
    const error = await fails(cloud.native.restartInstance({ params: { id: "x" } }))
    expect(error).toMatchObject({ _tag: tag, provider: "shadeform" })
    expect(to("POST /v1/instances/x/restart").length).toBeGreaterThan(0)
  })
})
