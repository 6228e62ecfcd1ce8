import { uuidOf } from "../kit/ids.ts"
import type { Random } from "../random.ts"

/** A data center. */
export interface Region {
  readonly code: string
  readonly name: string
  readonly country_code: string
}

/** What can be rented: sizes are of the whole instance, `vramGb` is of one GPU, prices are micro-dollars per hour. */
export interface InstanceType {
  readonly name: string
  /** The offer's own id, which deploy doesn't take. */
  readonly offerId: string
  readonly model: string
  readonly gpus: number
  readonly vramGb: number
  readonly vcpus: number
  readonly ramGb: number
  readonly storageGb: number
  readonly price: number
  readonly spotPrice: number
  readonly regions: readonly string[]
}

/** An image: deploy takes its id or its slug. Source: Huddle01 docs, Deployments (an id), GPU Overview (a slug). */
export interface Image {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** The locations whose codes are documented. Source: Huddle01 docs, Deployments, Deploy Request; List available GPUs. */
export const regions: readonly [Region, Region] = [
  { code: "FIN-01", name: "Finland 1", country_code: "FI" },
  { code: "FIN-03", name: "Finland 3", country_code: "FI" }
]

/** Source: Huddle01 docs, GPU Volumes. */
export const volumeTypes: readonly string[] = [
  ...["NVMe", "NVMe_Shared", "HDD", "HDD_Shared"],
  ...["NVMe_Local_Storage", "NVMe_Shared_Cluster", "NVMe_OS_Cluster"]
]

/** The image ids and slugs that the documents show; which belong together isn't documented. */
export const images: readonly Image[] = [
  { id: "e79a91e9-8750-44cb-af19-bf6ab83121ee", slug: "ubuntu-24.04-cuda-13.0-open-docker", name: "Ubuntu 24.04" },
  { id: "0a5cf7b6-4f0e-4f53-9f0a-2f6c3a1c7d10", slug: "ubuntu-22.04-cuda-13.0-cluster", name: "Ubuntu 22.04" },
  { id: "5b1f0a6e-92a5-4a7d-8d3b-6f2f7c1f4e22", slug: "ubuntu-22.04-cuda-12.4-cluster", name: "Ubuntu 22.04" }
]

type Row = readonly [
  name: string,
  model: string,
  gpus: number,
  vramGb: number,
  vcpus: number,
  ramGb: number,
  storageGb: number,
  price: number,
  regions: readonly string[]
]

/**
 * The instance types that the documents show, with the numbers they show.
 *
 * - Source: Huddle01 docs, Deployments (`1A100.22V`), GPU Offers (`1H100.80S.30V`), List available GPUs (`8H200.141G`).
 * - Of `8H200.141S.176V` only the name is documented: RAM, storage and price are chosen.
 */
const documented: readonly Row[] = [
  ["1A100.22V", "A100", 1, 80, 22, 120, 200, 965_000, ["FIN-01"]],
  ["1H100.80S.30V", "H100", 1, 80, 30, 120, 200, 1_710_000, ["FIN-01", "FIN-03"]],
  ["8H200.141S.176V", "H200", 8, 141, 176, 1480, 200, 24_000_000, ["FIN-01", "FIN-03"]],
  ["8H200.141G", "H200", 8, 141, 208, 1800, 27_000, 32_000_000, ["FIN-03"]]
]

const models: readonly (readonly [model: string, vramGb: number, vcpus: number, ramGb: number, price: number])[] = [
  ["A100", 80, 22, 120, 1_290_000],
  ["H100", 80, 30, 120, 2_290_000],
  ["H200", 141, 44, 185, 2_990_000],
  ["B200", 180, 31, 184, 3_790_000],
  ["L40S", 48, 20, 60, 914_000],
  ["A6000", 48, 10, 60, 490_000],
  ["V100", 16, 6, 23, 138_000]
]
const counts = [1, 2, 4, 8] as const
const places = [["FIN-01"], ["FIN-03"], ["FIN-01", "FIN-03"]] as const

/** The n-th instance type that isn't documented: names follow the documented grammar, and no name comes twice. */
const generated = (index: number): Row => {
  const [model, vramGb, vcpus, ramGb, price] = models[index % models.length] ?? ["A100", 80, 22, 120, 1_290_000]
  const gpus = counts[Math.floor(index / models.length) % counts.length] ?? 1
  const round = Math.floor(index / (models.length * counts.length))
  const cores = (vcpus + round) * gpus + 1
  const name = `${gpus}${model}.${vramGb}S.${cores}V`
  return [name, model, gpus, vramGb, cores, ramGb * gpus, 200, (price + round * 1000) * gpus, places[index % 3] ?? []]
}

/** The first `count` instance types: the documented ones, then generated ones. */
export const createTypes = (random: Random, count: number): ReadonlyMap<string, InstanceType> => {
  const rows = Array.from({ length: count }, (_, index) => documented[index] ?? generated(index - documented.length))
  return new Map(
    rows.map(([name, model, gpus, vramGb, vcpus, ramGb, storageGb, price, regions]) => [
      name,
      { name, model, gpus, vramGb, vcpus, ramGb, storageGb, price, regions, ...extras(random, price) }
    ])
  )
}

const extras = (random: Random, price: number) => ({
  offerId: uuidOf(random),
  spotPrice: Math.round(price * random.between(0.3, 0.6))
})
