/**
 * One GPU model as the market names it.
 *
 * - `ram` is MB per GPU as cards report it (24564, not 24576). `price` is the usual range in USD per GPU and hour.
 * - `computeCap` is the compute capability times 100. Source: Vast docs, POST /api/v0/bundles/.
 */
export interface GpuModel {
  readonly name: string
  readonly ram: number
  readonly computeCap: number
  readonly tflops: number
  readonly dlperf: number
  readonly memoryBandwidth: number
  readonly watts: number
  readonly nvlink: number
  readonly datacenter: boolean
  readonly counts: readonly [number, ...number[]]
  readonly price: readonly [number, number]
}

const model = (
  name: string,
  ram: number,
  computeCap: number,
  tflops: number,
  dlperf: number,
  memoryBandwidth: number,
  watts: number,
  price: readonly [number, number],
  rest: Partial<Pick<GpuModel, "nvlink" | "datacenter" | "counts">> = {}
): GpuModel => ({
  ...{ name, ram, computeCap, tflops, dlperf, memoryBandwidth, watts, price },
  ...{ nvlink: 0, datacenter: false, counts: [1, 1, 2, 4, 8] },
  ...rest
})

const server = { datacenter: true } as const
const linked = { datacenter: true, nvlink: 478, counts: [1, 2, 4, 8] } as const

/** The models of the simulated market: real names, memory and speeds, plausible prices. */
export const gpuModels: readonly [GpuModel, ...GpuModel[]] = [
  model("RTX 4090", 24_564, 890, 82.6, 104.5, 936.6, 450, [0.28, 0.6]),
  model("RTX 3090", 24_576, 860, 35.6, 42.8, 813.2, 350, [0.13, 0.3]),
  model("H100 SXM", 81_559, 900, 67.9, 398.2, 2785.6, 700, [1.9, 3.2], linked),
  model("H100 NVL", 95_830, 900, 60.3, 356.1, 2964.3, 400, [1.8, 2.9], server),
  model("H200", 143_771, 900, 67.9, 431.7, 3882.1, 700, [2.3, 4.1], linked),
  model("A100 SXM4", 81_920, 800, 19.5, 152.9, 1540.2, 400, [0.75, 1.6], linked),
  model("A100 PCIE", 40_960, 800, 19.5, 118.4, 1290.1, 250, [0.5, 1.1], server),
  model("RTX A5000", 24_564, 860, 27.8, 32.2, 628.8, 230, [0.16, 0.35]),
  model("RTX A6000", 49_140, 860, 38.7, 43.4, 643.1, 300, [0.35, 0.75]),
  model("L40S", 46_068, 890, 91.6, 131.3, 719.4, 350, [0.45, 1.1], server),
  model("RTX 5090", 32_607, 1200, 104.9, 196.3, 1453.1, 575, [0.36, 0.9]),
  model("Tesla V100", 32_768, 700, 14.1, 26.2, 726.6, 300, [0.11, 0.35], server),
  model("B200", 183_359, 1000, 74.5, 640.3, 6102.2, 1000, [3.2, 5.9], linked),
  model("RTX 3060", 12_288, 860, 12.7, 14.7, 314.2, 170, [0.05, 0.12])
]
