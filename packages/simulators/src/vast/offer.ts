import type { Random } from "../random.ts"
import { type GpuModel, gpuModels } from "./gpus.ts"

/**
 * One GPU offer of the simulated market.
 *
 * - `fixed` holds the wire columns that never change; price, availability and time columns are computed per request.
 * - Money is USD: `base` per hour for the GPUs, `storageCost` per GB and month of 720 hours.
 */
export interface Offer {
  readonly id: number
  readonly base: number
  readonly floorBid: number
  readonly storageCost: number
  readonly diskSpace: number
  readonly countryCode: string
  readonly endAt: number
  readonly gpuFlops: number
  readonly dlperf: number
  readonly fixed: Readonly<Record<string, unknown>>
}

type Place = readonly [name: string, country: string]
type Processor = readonly [name: string, threads: number, gigahertz: number]

const places: readonly [Place, ...Place[]] = [
  ["Washington, US", "US"],
  ["California, US", "US"],
  ["Texas, US", "US"],
  [", US", "US"],
  ["Quebec, CA", "CA"],
  ["Czechia, CZ", "CZ"],
  ["Germany, DE", "DE"],
  ["France, FR", "FR"],
  ["Sweden, SE", "SE"],
  ["Norway, NO", "NO"],
  ["Bulgaria, BG", "BG"],
  ["Poland, PL", "PL"],
  ["Japan, JP", "JP"],
  ["Taiwan, TW", "TW"],
  ["South Korea, KR", "KR"],
  ["Hungary, HU", "HU"]
]

const processors: readonly [Processor, ...Processor[]] = [
  ["AMD EPYC 7B13 64-Core Processor", 128, 2.25],
  ["AMD EPYC 7742 64-Core Processor", 128, 2.25],
  ["AMD Ryzen 9 7950X 16-Core Processor", 32, 4.5],
  ["Xeon® Gold 6248R", 96, 3.0],
  ["Xeon® Platinum 8468", 192, 2.1]
]

const boards = ["H12DSG-O-CPU", "ROME2D32GM-2T", "Z790 Gaming", "S7109GM2NR", "X13DEG-OA"] as const
const disks = ["Samsung SSD 980 PRO", "WD_BLACK SN850X", "KIOXIA KCD8XRUG7T68", "MZQL23T8HCLS"] as const
const drivers = ["535.183.01", "550.127.05", "560.35.03", "570.86.15"] as const
const cudaOf: Readonly<Record<string, number>> = {
  "535.183.01": 12.2,
  "550.127.05": 12.4,
  "560.35.03": 12.6,
  "570.86.15": 12.8
}

const day = 86_400_000

/** Rounds to a number of decimals, so that prices print as the market prints them. */
export const round = (value: number, decimals = 6): number => Math.round(value * 10 ** decimals) / 10 ** decimals

/** `535.183.01` becomes `535183001`, the integer the official client sends. */
const driverNumber = (version: string): number => {
  const [major = "0", minor = "0", patch = "0"] = version.split(".")
  return Number(major) * 1_000_000 + Number(minor) * 1000 + Number(patch)
}

const addressOf = (random: Random) => `203.0.${random.pick([113, 112, 114])}.${random.integer(1, 254)}` as const

/** Every third machine has a volume to rent besides: half its disk. What `avail_vol_dph` counts is undocumented; per GB here. */
const volumeColumns = (id: number, diskSpace: number, storageCost: number) =>
  id % 3 === 0
    ? {
        avail_vol_ask_id: 40_000_000 + (id % 10_000_000),
        avail_vol_dph: storageCost / 720,
        avail_vol_size: Math.floor(diskSpace / 2)
      }
    : { avail_vol_ask_id: null, avail_vol_dph: null, avail_vol_size: null }

const createOffer = (random: Random, epoch: number, id: number, model: GpuModel): Offer => {
  const count = random.pick(model.counts)
  const machineGpus = Math.max(count, random.pick([1, 2, 4, 8]))
  const [place, countryCode] = random.pick(places)
  const [cpuName, cpuCores, cpuGhz] = random.pick(processors)
  const driver = random.pick(drivers)
  const datacenter = model.datacenter ? random.next() < 0.7 : random.next() < 0.15
  const verified = datacenter || random.next() < 0.75
  const verification = verified ? "verified" : random.next() < 0.9 ? "unverified" : "deverified"
  const reliability = round(verified ? random.between(0.96, 0.9999) : random.between(0.6, 0.99), 7)
  const base = round(random.between(...model.price) * count, 6)
  const diskSpace = round(random.between(60, 200) * count + 40, 1)
  const storageCost = round(random.pick([0.1, 0.13, 0.15, 0.2, 0.25]), 6)
  const startAt = epoch - random.integer(1, 200) * day
  const endAt = epoch + random.integer(3, 360) * day
  const inet = round(random.between(120, 6000), 1)
  const upCost = round(random.pick([0, 0.001, 0.002, 0.005, 0.013]), 6)
  const downCost = round(random.pick([0, 0.001, 0.002, 0.004]), 6)
  const dlperf = round(model.dlperf * count * random.between(0.9, 1.05), 6)
  const gpuFlops = round(model.tflops * count, 5)
  const floorBid = round(base * random.between(0.35, 0.6), 6)
  const fixed = {
    id,
    ask_contract_id: id,
    bundle_id: 900_000_000 + random.integer(0, 99_999_999),
    bundled_results: null,
    bw_nvlink: model.nvlink,
    compute_cap: model.computeCap,
    cpu_arch: "amd64",
    cpu_cores: cpuCores,
    cpu_cores_effective: round((cpuCores * count) / machineGpus, 1),
    cpu_ghz: cpuGhz,
    cpu_name: cpuName,
    cpu_ram: random.pick([64_298, 128_576, 257_841, 515_889]) * (count > 4 ? 2 : 1),
    credit_discount_max: 0.4,
    cuda_max_good: cudaOf[driver] ?? 12.4,
    direct_port_count: random.next() < 0.12 ? 0 : random.integer(4, 500),
    disk_bw: round(random.between(500, 6500), 1),
    disk_name: random.pick(disks),
    disk_space: diskSpace,
    dlperf,
    driver_version: driver,
    driver_vers: driverNumber(driver),
    external: null,
    geolocation: place,
    geolocode: [...countryCode].reduce((sum, letter) => sum * 256 + letter.charCodeAt(0), 0),
    gpu_arch: "nvidia",
    gpu_display_active: false,
    gpu_frac: round(count / machineGpus, 4),
    gpu_ids: Array.from({ length: count }, () => random.integer(1000, 99_999)),
    gpu_lanes: 16,
    gpu_mem_bw: model.memoryBandwidth,
    gpu_name: model.name,
    gpu_ram: model.ram,
    gpu_total_ram: model.ram * count,
    gpu_max_power: model.watts,
    gpu_max_temp: random.integer(78, 92),
    has_avx: 1,
    host_id: random.integer(10_000, 99_999),
    hosting_type: datacenter ? 1 : 0,
    hostname: null,
    inet_down: inet,
    inet_down_cost: downCost,
    inet_up: round(inet * random.between(0.4, 1), 1),
    inet_up_cost: upCost,
    logo: "/static/logos/vastai_small2.png",
    machine_id: 10_000 + random.integer(0, 89_999),
    mobo_name: random.pick(boards),
    num_gpus: count,
    os_version: random.pick(["20.04", "22.04", "24.04"]),
    pci_gen: random.pick([3, 4, 5]),
    pcie_bw: round(random.between(6, 54), 1),
    // Some hosts report their address with a trailing newline. Source: vast-cli issue 75.
    public_ipaddr: random.next() < 0.25 ? `${addressOf(random)}\n` : addressOf(random),
    reliability,
    reliability_mult: round(reliability * 0.99, 7),
    start_date: startAt / 1000,
    static_ip: datacenter || random.next() < 0.3,
    storage_cost: storageCost,
    total_flops: gpuFlops,
    verification,
    vericode: verified ? 1 : 0,
    webpage: null,
    vms_enabled: random.next() < 0.2,
    expected_reliability: reliability,
    is_vm_deverified: false,
    resource_type: "gpu",
    cluster_id: null,
    ...volumeColumns(id, diskSpace, storageCost),
    nw_disk_min_bw: null,
    nw_disk_max_bw: null,
    nw_disk_avg_bw: null,
    rn: 1,
    reliability2: reliability,
    time_remaining: "",
    time_remaining_isbid: "",
    internet_up_cost_per_tb: round(upCost * 1024, 4),
    internet_down_cost_per_tb: round(downCost * 1024, 4)
  }
  return {
    id,
    base,
    floorBid,
    storageCost,
    diskSpace,
    countryCode,
    endAt,
    gpuFlops,
    dlperf,
    fixed: Object.freeze(fixed)
  }
}

/**
 * Generates the market: `count` offers from one generator, with ids that grow but have gaps.
 *
 * - The first offers cover every GPU model once, so a small market has them all.
 */
export const createOffers = (random: Random, epoch: number, count: number): Map<number, Offer> => {
  const offers = new Map<number, Offer>()
  for (let index = 0; index < count; index++) {
    const model = gpuModels[index < gpuModels.length ? index : random.integer(0, gpuModels.length - 1)] ?? gpuModels[0]
    const id = 21_000_000 + index * 37 + random.integer(0, 36)
    offers.set(id, createOffer(random, epoch, id, model))
  }
  return offers
}
