import { uuidOf } from "../kit/ids.ts"
import { createRandom } from "../random.ts"

/** A type of machine: `cents` an hour for the whole of it, memory and disk in GiB, and where it stands. */
export interface InstanceType {
  readonly name: string
  /** `H100 (80 GB SXM5)`; `N/A` without a GPU. */
  readonly gpu: string
  readonly gpus: number
  readonly cents: number
  readonly vcpus: number
  readonly memory: number
  readonly storage: number
  readonly regions: readonly string[]
}

type Size = readonly [gpus: number, cents: number, vcpus: number, memory: number, storage: number]

const row = (name: string, gpu: string, size: Size, ...regions: readonly string[]): InstanceType => {
  const [gpus, cents, vcpus, memory, storage] = size
  return { name, gpu, gpus, cents, vcpus, memory, storage, regions }
}

/**
 * As Lambda's API listed them in December 2025, with the regions that had capacity then.
 *
 * - That the CPU machine has capacity is chosen here.
 */
export const instanceTypes: readonly InstanceType[] = [
  row("gpu_1x_gh200", "GH200 (96 GB)", [1, 149, 64, 432, 4096]),
  row("gpu_8x_b200_sxm6", "B200 (180 GB SXM6)", [8, 3992, 208, 2900, 22_528], "australia-east-1", "us-east-1"),
  row("gpu_8x_h100_sxm5", "H100 (80 GB SXM5)", [8, 2392, 208, 1800, 22_528], "us-west-3", "us-south-2", "us-south-3"),
  row("gpu_4x_h100_sxm5", "H100 (80 GB SXM5)", [4, 1236, 104, 900, 11_264], "us-south-2", "us-south-3"),
  row("gpu_2x_h100_sxm5", "H100 (80 GB SXM5)", [2, 638, 52, 450, 5632], "us-south-2", "us-south-3"),
  row("gpu_1x_h100_sxm5", "H100 (80 GB SXM5)", [1, 329, 26, 225, 2816], "us-south-2", "us-south-3"),
  row("gpu_1x_h100_pcie", "H100 (80 GB PCIe)", [1, 249, 26, 200, 1024], "us-west-3"),
  row("gpu_8x_a100_80gb_sxm4", "A100 (80 GB SXM4)", [8, 1432, 240, 1800, 20_480], "us-midwest-1", "us-east-1"),
  row("gpu_1x_a10", "A10 (24 GB PCIe)", [1, 75, 30, 200, 1400], "us-east-1", "us-west-1"),
  row("gpu_1x_rtx6000", "RTX 6000 (24 GB)", [1, 50, 14, 46, 512]),
  row("gpu_1x_a100", "A100 (40 GB PCIe)", [1, 129, 30, 200, 512]),
  row("gpu_1x_a100_sxm4", "A100 (40 GB SXM4)", [1, 129, 30, 200, 512], "us-east-1", "us-west-2", "asia-south-1"),
  row("gpu_2x_a100", "A100 (40 GB PCIe)", [2, 258, 60, 400, 1024]),
  row("gpu_4x_a100", "A100 (40 GB PCIe)", [4, 516, 120, 800, 1024]),
  row("gpu_8x_a100", "A100 (40 GB SXM4)", [8, 1032, 124, 1800, 6144], "us-west-1", "europe-central-1", "me-west-1"),
  row("gpu_1x_a6000", "A6000 (48 GB)", [1, 80, 14, 100, 200]),
  row("gpu_2x_a6000", "A6000 (48 GB)", [2, 160, 28, 200, 1024]),
  row("gpu_4x_a6000", "A6000 (48 GB)", [4, 320, 56, 400, 1024]),
  row("gpu_8x_v100", "Tesla V100 (16 GB)", [8, 440, 92, 448, 6041]),
  row("cpu_4x_general", "N/A", [0, 20, 4, 16, 100], "us-east-1")
]

/** A region with the words that describe it. */
export interface Region {
  readonly name: string
  readonly description: string
}

const regionTexts: Readonly<Record<string, string>> = {
  "us-west-1": "California, USA",
  "us-west-2": "Arizona, USA",
  "us-west-3": "Utah, USA",
  "us-south-1": "Texas, USA",
  "us-south-2": "North Texas, USA",
  "us-south-3": "Central Texas, USA",
  "us-east-1": "Virginia, USA",
  "us-east-2": "Washington DC, USA",
  "us-east-3": "Washington DC, USA",
  "us-midwest-1": "Illinois, USA",
  "us-midwest-2": "Ohio, USA",
  "europe-central-1": "Germany",
  "asia-south-1": "India",
  "asia-northeast-1": "Osaka, Japan",
  "asia-northeast-2": "Tokyo, Japan",
  "me-west-1": "Israel",
  "australia-east-1": "Sydney, Australia"
}

export const regions: readonly Region[] = Object.entries(regionTexts).map(([name, description]) => ({
  name,
  description
}))

/** An image: one row for each region that has it. */
export interface Image {
  readonly id: string
  readonly family: string
  readonly version: string
  readonly region: Region
}

/** Families as Lambda's API listed them in November 2025. Ids and versions are made up here. */
const families = [
  ["lambda-stack-24-04", "24.4.1"],
  ["lambda-stack-22-04", "22.4.7"],
  ["gpu-base-24-04", "24.4.1"],
  ["gpu-base-22-04", "22.4.7"],
  ["ubuntu-24-04", "24.4.3"],
  ["ubuntu-22-04", "22.4.5"]
] as const

export const images: readonly Image[] = regions.flatMap((region, place) =>
  families
    // Not every region has every image: which ones lack what is chosen here.
    .filter(([family]) => family !== "ubuntu-22-04" || region.name.startsWith("us-"))
    .map(([family, version], index) => ({ id: uuidOf(createRandom(place * 100 + index + 1)), family, version, region }))
)

export const typeOf = (name: unknown): InstanceType | undefined => instanceTypes.find((type) => type.name === name)
export const regionOf = (name: unknown): Region | undefined => regions.find((region) => region.name === name)
