/** A region in which a type stands; `spot` is its price per hour in dollars, null where there is no spot. */
export interface Place {
  readonly region: string
  readonly name: string
  readonly spot: string | null
}

/** A type of machine of one cloud; `cents` per hour for the whole machine. */
export interface Type {
  readonly cloud: string
  readonly name: string
  readonly own: string
  readonly gpu: string
  readonly gpus: number
  /** GB of one GPU, of the machine, and of its disk. */
  readonly vram: number
  readonly memory: number
  readonly disk: number
  readonly vcpus: number
  readonly interconnect: string
  readonly maker: string
  readonly cents: number
  readonly deployment: "vm" | "container" | "baremetal"
  readonly places: readonly Place[]
}

export const systems: readonly string[] = ["ubuntu22.04_cuda12.6_shade_os", "ubuntu22.04", "ubuntu24.04"]

const place = (region: string, name: string, spot: string | null = null): Place => ({ region, name, spot })

const kansas = place("kansascity-usa-1", "US, Kansas City, KS")
const houston = place("houston-usa-1", "US, Houston, TX")

type Size = readonly [vram: number, memory: number, disk: number, vcpus: number]

const type = (
  [cloud, name, own]: readonly [string, string, string],
  [gpu, gpus, interconnect]: readonly [string, number, string],
  [vram, memory, disk, vcpus]: Size,
  cents: number,
  places: readonly Place[],
  more: Partial<Pick<Type, "deployment" | "maker">> = {}
): Type => ({
  ...{ cloud, name, own, gpu, gpus, interconnect, vram, memory, disk, vcpus, cents, places },
  ...{ deployment: "vm", maker: "nvidia", ...more }
})

/**
 * The A6000 of massedcompute and the eight H100 of denvr are those of the published samples. Of all others the names of the
 * clouds are ones that users of the API have seen; the rest is chosen here.
 */
// biome-ignore format: a table reads best with one row a line
export const types: readonly Type[] = [
  type(["massedcompute", "A6000", "gpu_1x_a6000"], ["A6000", 1, "pcie"], [48, 48, 256, 6], 57, [{ ...kansas, spot: "0.31" }]),
  type(["massedcompute", "A6000x4", "gpu_4x_a6000"], ["A6000", 4, "pcie"], [48, 192, 1000, 24], 228, [kansas]),
  type(["massedcompute", "H100", "gpu_1x_h100"], ["H100", 1, "pcie"], [80, 128, 1250, 20], 239, [kansas]),
  type(["denvr", "H100_sxm5x8", "H100_80GB_SXM_8x"], ["H100", 8, "sxm5"], [80, 940, 20_000, 208], 1400, [houston]),
  type(["denvr", "A100_80G", "A100_80GB_PCIe_1x"], ["A100_80G", 1, "pcie"], [80, 115, 1700, 14], 130, [houston]),
  type(["hyperstack", "A100_80G", "n3-A100x1"], ["A100_80G", 1, "pcie"], [80, 120, 850, 28], 135, [place("canada-1", "CA, Montreal, QC")]),
  type(["hyperstack", "L40S", "n3-L40Sx1"], ["L40S", 1, "pcie"], [48, 58, 725, 28], 105, [place("norway-1", "NO, Oslo")]),
  type(["nebius", "H100_sxm5", "gpu-h100-sxm_1gpu"], ["H100", 1, "sxm5"], [80, 200, 1000, 16], 295, [place("eu-north1", "FI, Helsinki", "1.50")]),
  type(["nebius", "H200", "gpu-h200-sxm_1gpu"], ["H200", 1, "sxm5"], [141, 200, 1000, 16], 350, [place("eu-north1", "FI, Helsinki", "1.7525")]),
  type(["hotaisle", "MI300X", "mi300x_1x"], ["MI300X", 1, "oam"], [192, 224, 12_000, 13], 199, [place("grandrapids-usa-1", "US, Grand Rapids, MI")], { maker: "amd" }),
  type(["latitude", "L40Sx2", "g3-l40s-medium"], ["L40S", 2, "pcie"], [48, 384, 3800, 64], 265, [place("dallas-usa-1", "US, Dallas, TX")], { deployment: "baremetal" }),
  type(["voltagepark", "H100_sxm5x8", "h100-sxm5-ib"], ["H100", 8, "sxm5"], [80, 1000, 21_000, 104], 1592, [place("dallas-usa-2", "US, Dallas, TX")], { deployment: "baremetal" }),
  type(["excesssupply", "RTX4090", "4090.1x"], ["RTX4090", 1, "pcie"], [24, 32, 200, 12], 42, [place("desmoines-usa-1", "US, Des Moines, IA")], { deployment: "container" }),
  type(["excesssupply", "RTX4090x2", "4090.2x"], ["RTX4090", 2, "pcie"], [24, 64, 400, 24], 84, [place("desmoines-usa-1", "US, Des Moines, IA")], { deployment: "container" })
]

/** The first three are those of the published sample (Shadeform docs, guides/attachvolume); the others are chosen here. */
export const volumeTypes = [
  { cloud: "datacrunch", region: "FIN-01", price_per_gb_per_hour: "0.00028" },
  { cloud: "nebius", region: "eu-north1", price_per_gb_per_hour: ".000097" },
  { cloud: "digitalocean", region: "tor1", price_per_gb_per_hour: ".000084" },
  { cloud: "latitude", region: "dallas-usa-1", price_per_gb_per_hour: "0.00014" },
  { cloud: "excesssupply", region: "desmoines-usa-1", price_per_gb_per_hour: "0.00011" }
].map((row) => ({ ...row, supports_multi_mount: false, fixed_size: true }))
