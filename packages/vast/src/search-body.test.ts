import { canonicalGpu, gpuModels, money, type OfferFilter, resolveFilter } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { searchOf } from "./search-body.ts"
import { SearchBody } from "./wire.ts"

const scope = { vms: false, unverified: false, place: { by: "price" } } as const

const search = (filter: OfferFilter, more = {}) => {
  const body = searchOf(Effect.runSync(resolveFilter(filter)), { ...scope, ...more })
  expect(SearchBody.safeParse(body).success).toBe(true)
  return body
}

describe("a search", () => {
  const always = {
    type: "on-demand",
    limit: 5000,
    order: [["dph_total", "asc"]],
    allocated_storage: 10,
    rentable: { eq: true },
    rented: { eq: false },
    external: { eq: false },
    verified: { eq: true }
  }

  it("sends every default by name", () => expect(search({})).toEqual(always))

  it.each<[string, OfferFilter, object]>([
    ["GPUs, in any spelling", { gpu: "rtx_4090" }, { gpu_name: { in: expect.arrayContaining(["RTX 4090"]) } }],
    [
      "GPUs with their memory in the name",
      { gpu: "GTX 1060" },
      { gpu_name: { in: expect.arrayContaining(["GTX 1060 6GB"]) } }
    ],
    ["a GPU that nobody knows, as written", { gpu: "Odd 9" }, { gpu_name: { in: ["Odd 9"] } }],
    ["GPUs and a count in one", { gpu: "2x H100" }, { gpu_name: { in: expect.arrayContaining(["H100 SXM"]) } }],
    ["their number", { gpuCount: 2 }, { num_gpus: { eq: 2 } }],
    ["their least number", { minGpuCount: 4 }, { num_gpus: { gte: 4 } }],
    ["their memory in total", { minTotalVramMiB: 100_000 }, { gpu_total_ram: { gte: 92_000 } }],
    ["CUDA", { minCuda: "12.4" }, { cuda_max_good: { gte: 12.4 } }],
    ["a compute capability", { minComputeCapability: "8.9" }, { compute_cap: { gte: 890 } }],
    ["a line", { minDownloadMbps: 500, minUploadMbps: 50 }, { inet_down: { gte: 500 }, inet_up: { gte: 50 } }],
    [
      "ports and data centres",
      { minPorts: 3, datacenter: true },
      { direct_port_count: { gte: 3 }, datacenter: { eq: true } }
    ],
    ["a group of countries", { countries: ["EEA"] }, { geolocation: { in: expect.arrayContaining(["NO", "FI"]) } }],
    [
      "places to leave out, of which Vast knows countries",
      { countries: ["US", "CA"], excludePlaces: ["ca", "Texas"] },
      { geolocation: { in: ["US", "CA"], notin: ["CA"] } }
    ],
    [
      "machines and owners to leave out, but none of another cloud",
      { excludeHosts: ["vast/7", "other/8"], excludeSuppliers: ["vast/70"] },
      { machine_id: { notin: [7] }, host_id: { notin: [70] } }
    ],
    [
      "their memory, less what cards do not report",
      { minVramMiB: 24_576 },
      { gpu_ram: { gte: Math.floor(24_576 * 0.92) } }
    ],
    ["CPUs", { minVcpus: 8 }, { cpu_cores_effective: { gte: 8 } }],
    [
      "disk, which the prices then include",
      { minDiskMiB: 102_400 },
      { disk_space: { gte: 108 }, allocated_storage: 108 }
    ],
    ["countries", { countries: ["us", "CA"] }, { geolocation: { in: ["US", "CA"] } }],
    ["reliability", { minReliability: 0.99 }, { reliability: { gte: 0.99 } }],
    ["price", { maxPerHour: money("0.5") }, { dph_total: { lte: 0.5 } }],
    ["interruptible ones", { interruptible: true }, { type: "bid" }]
  ])("filters by %s", (_, filter, part) => expect(search(filter)).toEqual({ ...always, ...part }))

  it("has names with spaces, and every name Vast uses", () => {
    const names = [
      "RTX 4090",
      "H100 SXM",
      "H100 NVL",
      "H200",
      "A100 SXM4",
      "A100 PCIE",
      "RTX A5000",
      "L40S",
      "Tesla V100"
    ]
    for (const name of names) {
      const { model, known } = canonicalGpu(name)
      expect(known, name).toBe(true)
      expect(search({ gpu: model })).toHaveProperty("gpu_name.in", expect.arrayContaining([name]))
    }
    for (const { model } of gpuModels) expect(JSON.stringify(search({ gpu: model }).gpu_name)).not.toContain("_")
  })

  it("leaves memory to the local filter, since Vast's is the whole machine's", () => {
    expect(search({ minMemoryMiB: 64_000 })).toEqual(always)
  })

  it("asks for VMs, for unverified machines, and for the next page by price", () => {
    expect(search({}, { vms: true })).toEqual({ ...always, vms_enabled: { eq: true } })
    const { verified, ...rest } = always
    expect(search({}, { unverified: true })).toEqual(rest)
    expect(search({ maxPerHour: money(2) }, { place: { by: "price", from: 0.25 } })).toEqual({
      ...always,
      dph_total: { gte: 0.25, lte: 2 }
    })
  })
})
