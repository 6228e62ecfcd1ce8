import { canonicalGpu, InstanceRef, isReady, money } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { describe, expect, it } from "vitest"
import { problem, world } from "./cloud.test-support.ts"
import cpus from "./fixtures/cpus.json" with { type: "json" }
import exited from "./fixtures/exited.json" with { type: "json" }
import myself from "./fixtures/myself.json" with { type: "json" }
import pods from "./fixtures/pods.json" with { type: "json" }
import provisioning from "./fixtures/provisioning.json" with { type: "json" }

const [running] = pods.pods
const ref = new InstanceRef("runpod", "container", provisioning.id)

const shown = async (json: unknown) => {
  const { run, containers } = world({ [`GET /v2/pods/${provisioning.id}`]: { json } })
  return run(containers.get(ref))
}

describe("documented payloads in the common model", () => {
  it("a type of GPU is an offer in each cloud and data centre, priced with its disk", async () => {
    const { run, containers } = world()
    const { items } = await run(containers.offers())
    const gpu = { ...canonicalGpu("RTX 4090", { vramMiB: 24_576 }), count: 1 }
    expect(items.map(({ id, pricePerHour, terms }) => [id, pricePerHour, terms?.compute.perHour])).toEqual([
      ["NVIDIA_GeForce_RTX_4090+community@US-KS-2", money("0.312778"), money("0.31")],
      ["NVIDIA_GeForce_RTX_4090@US-KS-2", money("0.442778"), money("0.44")]
    ])
    expect(items[0]).toMatchObject({
      ...{ gpu, vcpus: null, memoryMiB: null, availability: "available", interruptible: false },
      ...{ location: { country: "US", region: "US-KS-2", native: "US Kansas 2" } },
      terms: { storage: { perUnitMonth: money("0.1"), whileStopped: false }, traffic: null }
    })
  })

  it("the price is for one GPU, and none is offered beyond the largest machine", async () => {
    const { run, containers, to } = world()
    const four = await run(containers.offers({ gpuCount: 4 }))
    expect(four.items.map(({ terms }) => terms?.compute.perHour)).toEqual([money("1.24"), money("1.76")])
    expect(to("GET /v2/catalog/gpus").map(({ url }) => new URL(url).searchParams.get("count"))).toEqual(["4", "4"])
    expect((await run(containers.offers({ gpuCount: 8 }))).items).toHaveLength(1)
    expect((await run(containers.offers({ gpuCount: 9 }))).items).toHaveLength(0)
  })

  it("a flavour is an offer for each size, where the kind and processors are asked for", async () => {
    const { run, containers } = world({ "GET /v2/catalog/cpus": { json: cpus } })
    const { items } = await run(containers.offers({ kind: "container", minVcpus: 2 }))
    expect(items.map(({ vcpus, memoryMiB }) => [vcpus, memoryMiB])).toEqual([
      [2, 5120],
      [4, 10_240],
      [8, 20_480],
      [16, 40_960],
      [32, 81_920]
    ])
    expect(items[0]).toMatchObject({
      id: "cpu3c-2-4+2+cpu@US-KS-2",
      gpu: null,
      terms: { compute: { perHour: money("0.08") } }
    })
  })

  it("a pod that boots", async () => {
    expect(await shown(provisioning)).toMatchObject({
      ...{
        status: "provisioning",
        billing: "compute",
        name: "pytorch-training",
        actions: ["terminate", "logs"],
        vcpus: 16
      },
      ...{ gpu: { model: "RTX 4090", count: 1 }, memoryMiB: 65_536, location: { region: "US-KS-2" } },
      createdAt: DateTime.makeUnsafe("2026-06-01T12:00:00Z"),
      endpoints: { ssh: [], ports: [], urls: [] }
    })
  })

  it("a pod that runs: its direct address alone, and its price with both disks", async () => {
    const pod = await shown(running)
    expect(pod).toMatchObject({
      status: "running",
      actions: ["stop", "restart", "terminate", "logs"],
      pricePerHour: money("0.449723")
    })
    expect(pod.endpoints).toEqual({
      ssh: [
        { host: "195.26.233.3", port: 34446, user: "root", via: "direct", command: "ssh -p 34446 root@195.26.233.3" }
      ],
      ports: [{ port: 22, host: "195.26.233.3", externalPort: 34446, protocol: "tcp" }],
      urls: []
    })
    expect(JSON.stringify(pod.native)).not.toMatch(/llama-3|64411eb2/)
  })

  it("a pod that is stopped: its volume costs twice what it did", async () => {
    expect(await shown(exited)).toMatchObject({
      status: "stopped",
      billing: "storage",
      pricePerHour: money("0.005556")
    })
    expect(await shown({ ...exited, mounts: {} })).toMatchObject({ billing: "none", pricePerHour: null })
  })

  it("RUNNING is not ready: its ports come later", async () => {
    const young = { ...running, ssh: { ...running?.ssh, direct: null }, runtime: { uptime: 3 } }
    expect(isReady(await shown(young))).toBe(false)
    expect(isReady(await shown(running))).toBe(true)
    const http = { ...young, runtime: { ports: [{ private: 8888, public: 60_001, type: "http", ip: "100.65.0.7" }] } }
    expect((await shown(http)).endpoints).toMatchObject({
      urls: ["https://7h9k2m4n6p-8888.proxy.runpod.net"],
      ports: []
    })
    expect(isReady(await shown({ ...young, ports: [] }))).toBe(true)
  })

  it("a pod that came up without a GPU is no machine", async () => {
    const { gpu: _, ...bare } = running ?? {}
    expect(await shown(bare)).toMatchObject({ status: "failed", reason: "no-capacity", billing: "compute" })
    const cpu = { id: "cpu5c", vcpuCount: 4, memory: 8 }
    expect(await shown({ ...bare, cpu })).toMatchObject({ status: "running", gpu: null, vcpus: 4, memoryMiB: 8192 })
  })

  it("the balance, and a debt", async () => {
    const of = (json: unknown) => {
      const { run, containers } = world({ "POST /graphql": { json } })
      return run(containers.balance())
    }
    expect((await of(myself)).available).toEqual(money("435.85"))
    const debt = { data: { myself: { ...myself.data.myself, clientBalance: -3 } } }
    expect((await of(debt)).available).toEqual(money(0))
  })
})

describe("refusals", () => {
  const capacity =
    "There are no longer any instances available with the requested specifications. Please refresh and try again."
  const table: ReadonlyArray<readonly [status: number, detail: string, tag: string]> = [
    [400, capacity, "NoCapacity"],
    [400, "There are not enough free GPUs on the host machine to start this pod.", "NoCapacity"],
    [400, "exactly one of gpu and cpu is required", "InvalidRequest"],
    [401, "missing bearer token", "Unauthenticated"],
    [402, "insufficient balance", "OutOfFunds"],
    [403, "access denied", "PermissionDenied"],
    [409, "pod belongs to a cluster", "Conflict"],
    [413, "request too large", "InvalidRequest"],
    [422, "Request validation failed.", "InvalidRequest"]
  ]
  it.each(table)("%i %s", async (status, detail, tag) => {
    const { fails, cloud, to } = world({ "POST /v2/pods": problem(status, detail) })
    const error = await fails(cloud.native.createPod({ body: { name: "a", image: "b", disk: 20 } }))
    expect(error).toMatchObject({ _tag: tag, provider: "runpod" })
    expect(to("POST /v2/pods")).toHaveLength(1)
  })

  it("GraphQL refuses with a 200", async () => {
    const { fails, containers } = world({ "POST /graphql": { json: { errors: [{ message: "no such field" }] } } })
    expect(await fails(containers.balance())).toMatchObject({ _tag: "ProviderFault" })
  })
})
