/** A type of GPU: VRAM in GB, prices in USD per hour and GPU; 0 where a cloud does not offer it. */
export interface GpuType {
  readonly id: string
  readonly name: string
  readonly pool: string | null
  readonly memory: number
  readonly secure: number
  readonly community: number
  readonly most: number
}

/** A flavour of CPU machine: memory in GB per vCPU, price in USD per hour and vCPU. */
export interface CpuType {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly ramGbPerVcpu: number
  readonly price: number
}

/** A data centre. */
export interface DataCenter {
  readonly id: string
  readonly name: string
  readonly region: string
}

const row = (
  id: string,
  name: string,
  memory: number,
  [secure, community]: readonly [number, number],
  { pool = null, most = 8 }: { readonly pool?: string | null; readonly most?: number } = {}
): GpuType => ({ id, name, pool, memory, secure, community, most })

/**
 * Ids, names and VRAM as Runpod's table of GPU types has them. Source: Runpod docs, references/gpu-types.
 *
 * - The prices of the RTX 4090 are those of the published sample; all others are chosen here.
 */
export const gpuTypes: readonly GpuType[] = [
  row("NVIDIA GeForce RTX 4090", "RTX 4090", 24, [0.44, 0.31], { pool: "ADA_24" }),
  row("NVIDIA GeForce RTX 3090", "RTX 3090", 24, [0.43, 0.22]),
  row("NVIDIA RTX A4000", "RTX A4000", 16, [0.25, 0.17]),
  row("NVIDIA RTX A6000", "RTX A6000", 48, [0.49, 0.33]),
  row("NVIDIA L4", "L4", 24, [0.39, 0]),
  row("NVIDIA L40S", "L40S", 48, [0.86, 0]),
  row("NVIDIA A100 80GB PCIe", "A100 PCIe", 80, [1.64, 1.19]),
  row("NVIDIA A100-SXM4-80GB", "A100 SXM", 80, [1.74, 0]),
  row("NVIDIA H100 80GB HBM3", "H100 SXM", 80, [2.69, 0]),
  row("NVIDIA H100 PCIe", "H100 PCIe", 80, [2.39, 1.99]),
  row("NVIDIA H200", "H200 SXM", 141, [3.59, 0], { pool: "HOPPER_141" }),
  row("NVIDIA B200", "B200", 180, [5.98, 0]),
  row("AMD Instinct MI300X OAM", "MI300X", 192, [2.49, 0], { most: 4 })
]

/** Flavours that the documents name. The price of `cpu3c` is that of the published sample; the other is chosen here. */
export const cpuTypes: readonly CpuType[] = [
  { id: "cpu3c", name: "Compute-Optimized", group: "Gen 3", ramGbPerVcpu: 2, price: 0.04 },
  { id: "cpu5c", name: "Compute-Optimized", group: "Gen 5", ramGbPerVcpu: 2, price: 0.05 }
]

/** The vCPUs of a CPU machine: powers of two within these. */
export const vcpus = { min: 2, max: 32 } as const

/** Source: Runpod docs, the published sample (US-KS-2), the lists of data centres of its storage and networking pages. */
export const dataCenters: readonly DataCenter[] = [
  { id: "US-KS-2", name: "US Kansas 2", region: "NORTH_AMERICA" },
  { id: "EU-RO-1", name: "EU Romania 1", region: "EUROPE" },
  { id: "EUR-IS-1", name: "Iceland 1", region: "EUROPE" }
]

export const gpuOf = (id: unknown): GpuType | undefined => gpuTypes.find((type) => type.id === id)
export const cpuOf = (id: unknown): CpuType | undefined => cpuTypes.find((type) => type.id === id)
