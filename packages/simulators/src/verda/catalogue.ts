/** A type of machine: sizes in GB, prices in USD per hour and machine. */
export interface Type {
  readonly id: string
  readonly name: string
  readonly model: string
  readonly gpus: number
  /** Of one GPU. */
  readonly vram: number
  readonly cores: number
  readonly memory: number
  readonly price: number
  readonly spot: number
}

const gpu = (
  [id, name, model]: readonly [string, string, string],
  [gpus, vram, cores, memory]: readonly [number, number, number, number],
  [price, spot]: readonly [number, number]
): Type => ({ id, name, model, gpus, vram, cores, memory, price, spot })

/**
 * What is rented here.
 *
 * - `1H100.80S.30V`, `2A6000.20V` and `CPU.120V.480G` are as recorded, prices too; those of the RTX PRO 6000 and the A100 are as
 *   seen on 2026-09-28. All else is chosen here.
 */
export const types: readonly Type[] = [
  gpu(["1H100.80S.30V", "H100 SXM5 80GB", "H100"], [1, 80, 30, 120], [3.95, 1.7]),
  gpu(["2A6000.20V", "RTX A6000 48GB", "RTX A6000"], [2, 48, 20, 120], [1.98, 0.7]),
  gpu(["1A100.22V", "A100 SXM4 80GB", "A100"], [1, 80, 22, 120], [1.797, 0.899]),
  gpu(["1RTXPRO6000.30V", "RTX PRO 6000 96GB", "RTX PRO 6000"], [1, 96, 30, 120], [1.964, 0.982]),
  gpu(["1V100.6V", "Tesla V100 16GB", "Tesla V100"], [1, 16, 6, 23], [0.39, 0.12]),
  gpu(["8H100.80S.176V", "H100 SXM5 80GB", "H100"], [8, 80, 176, 1480], [31.6, 13.6]),
  gpu(["CPU.120V.480G", "AMD EPYC", "CPU Node"], [0, 0, 120, 480], [3, 1.5]),
  gpu(["CPU.4V.16G", "AMD EPYC", "CPU Node"], [0, 0, 4, 16], [0.1, 0.05])
]

export const typeOf = (id: unknown): Type | undefined => types.find((type) => type.id === id)

/** Source: Verda docs, release-notes; Verda API v1, Location. */
export const locations = [
  { code: "FIN-01", name: "Finland 1", country_code: "FI" },
  { code: "FIN-02", name: "Finland 2", country_code: "FI" },
  { code: "FIN-03", name: "Finland 3", country_code: "FI" }
] as const

const image = (
  id: string,
  image_type: string,
  name: string,
  more: { is_default?: boolean; is_cluster?: boolean } = {}
) => ({
  ...{ id, image_type, name, is_default: false, details: [name], category: "ubuntu", is_cluster: false },
  ...more
})

/** Ids but the first are chosen here. Source: Verda API v1, Image. */
export const images = [
  image("74a88795-5923-43aa-9afb-5697d4d62461", "ubuntu-24.04", "Ubuntu 24.04", { is_default: true }),
  image("74a88795-5923-43aa-9afb-5697d4d62462", "ubuntu-22.04", "Ubuntu 22.04"),
  image("74a88795-5923-43aa-9afb-5697d4d62463", "ubuntu-22.04-cuda-12.4-docker", "Ubuntu 22.04 + CUDA 12.4 + Docker"),
  image("74a88795-5923-43aa-9afb-5697d4d62464", "ubuntu-22.04-cuda-12.4-cluster", "Ubuntu 22.04 Cluster", {
    is_cluster: true
  })
] as const

/** Of machines, by their words. */
export const systems: readonly string[] = images
  .filter(({ is_cluster }) => !is_cluster)
  .map(({ image_type }) => image_type)

/** USD per GB and month. Source: Verda API v1, VolumeType. */
export const perMonth = 0.2
/** The hours of that month: 100 GB are 0.0273972602739726 an hour. */
export const hoursPerMonth = 730

/** A type as answers show it: `gpu_memory` is that of all GPUs, as recorded. */
export const typeRow = ({ id, name, model, gpus, vram, cores, memory, price, spot }: Type, index: number) => ({
  ...{
    best_for: [],
    cpu: { description: `${cores} CPU`, number_of_cores: cores },
    currency: "usd",
    deploy_warning: null
  },
  ...{ description: "Dedicated Hardware Instance", display_name: null },
  gpu: { description: gpus > 0 ? `${gpus}x ${name}` : "", number_of_gpus: gpus },
  gpu_memory: { description: gpus > 0 ? `${gpus * vram}GB GPU RAM` : "", size_in_gigabytes: gpus * vram },
  ...{ id: `c01dd00d-0000-480b-ae4e-d429115d0${String(index).padStart(3, "0")}`, instance_type: id },
  ...{
    manufacturer: gpus > 0 ? "NVIDIA" : "AMD",
    memory: { description: `${memory}GB RAM`, size_in_gigabytes: memory }
  },
  ...{ model, name, p2p: null, price_per_hour: price.toFixed(3), spot_price: spot.toFixed(3) },
  ...{ storage: { description: "dynamic" }, supported_os: systems }
})

/** The type of volume that is made here. */
export const volumeTypeRow = {
  ...{ type: "NVMe", price: { price_per_month_per_gb: perMonth, cps_per_gb: 7.6103500761035e-8, currency: "usd" } },
  ...{ is_shared_fs: false, burst_bandwidth: 2500, continuous_bandwidth: 2000, internal_network_speed: 50 },
  ...{ iops: "100k", throughput_gbps: 4 }
}
