/** One GPU as its driver shows it. */
export interface Gpu {
  /** As the driver names it: `NVIDIA H100 80GB HBM3`. */
  readonly name: string
  readonly architecture: string
  readonly brand: string
  readonly memoryMiB: number
  /** Watts. */
  readonly powerLimit: number
  readonly hasEcc: boolean
  readonly pcieGen: number
  readonly pcieWidth: number
  /** Errors in its memory that were not put right, since it was started. */
  readonly uncorrected: number
  /** Whether it is held back since it is too hot. */
  readonly isThrottled: boolean
}

/** What a machine is made of. */
export interface Hardware {
  readonly gpus: ReadonlyArray<Gpu>
  readonly cores: number
  readonly memoryMiB: number
  readonly diskMiB: number
  readonly cpu: string
  readonly driver: string
  readonly cuda: string
}

type Row = readonly [
  pattern: RegExp,
  name: string,
  memoryMiB: number,
  architecture: string,
  watts: number,
  pcieGen: number,
  hasEcc: boolean
]

/** The names by which clouds sell models, and what the driver calls them; the first that fits counts. */
const models: ReadonlyArray<Row> = [
  [/h100.*nvl/i, "NVIDIA H100 NVL", 95_830, "Hopper", 400, 5, true],
  [/h100.*pcie/i, "NVIDIA H100 PCIe", 81_559, "Hopper", 350, 5, true],
  [/h100/i, "NVIDIA H100 80GB HBM3", 81_559, "Hopper", 700, 5, true],
  [/h200/i, "NVIDIA H200", 143_771, "Hopper", 700, 5, true],
  [/b200/i, "NVIDIA B200", 183_359, "Blackwell", 1000, 5, true],
  [/a100.*pcie.*80|a100.*80.*pcie/i, "NVIDIA A100 80GB PCIe", 81_920, "Ampere", 300, 4, true],
  [/a100.*pcie/i, "NVIDIA A100-PCIE-40GB", 40_960, "Ampere", 250, 4, true],
  [/a100/i, "NVIDIA A100-SXM4-80GB", 81_920, "Ampere", 400, 4, true],
  [/v100/i, "Tesla V100-SXM2-32GB", 32_768, "Volta", 300, 3, true],
  [/l40s/i, "NVIDIA L40S", 46_068, "Ada Lovelace", 350, 4, true],
  [/l40/i, "NVIDIA L40", 46_068, "Ada Lovelace", 300, 4, true],
  [/(rtx)?.*a6000/i, "NVIDIA RTX A6000", 49_140, "Ampere", 300, 4, true],
  [/(rtx)?.*a5000/i, "NVIDIA RTX A5000", 24_564, "Ampere", 230, 4, true],
  [/a10\b/i, "NVIDIA A10", 23_028, "Ampere", 150, 4, true],
  [/5090/, "NVIDIA GeForce RTX 5090", 32_607, "Blackwell", 575, 5, false],
  [/4090/, "NVIDIA GeForce RTX 4090", 24_564, "Ada Lovelace", 450, 4, false],
  [/3090/, "NVIDIA GeForce RTX 3090", 24_576, "Ampere", 350, 4, false],
  [/3060/, "NVIDIA GeForce RTX 3060", 12_288, "Ampere", 170, 4, false]
]

const brandOf = (name: string): string => {
  if (name.includes("GeForce")) return "GeForce"
  if (name.startsWith("Tesla")) return "Tesla"
  return name.includes("RTX") ? "NVIDIA RTX" : "NVIDIA"
}

/** A GPU of a model that a cloud names, with the memory of that model, or what the cloud says where it is not known. */
export const gpuOf = (model: string, memoryMiB: number): Gpu => {
  const row = models.find(([pattern]) => pattern.test(model))
  const [, name, usual, architecture, powerLimit, pcieGen, hasEcc] = row ?? [
    /./,
    `NVIDIA ${model}`,
    memoryMiB,
    "Ampere",
    300,
    4,
    false
  ]
  // Half of the usual memory is another version of the same model.
  const isUsual = memoryMiB <= 0 || Math.abs(memoryMiB - usual) < usual * 0.2
  return {
    ...{
      name: isUsual ? name : name.replace(/\d+GB/, `${Math.round(memoryMiB / 1024)}GB`),
      architecture,
      powerLimit,
      pcieGen,
      hasEcc
    },
    ...{
      brand: brandOf(name),
      memoryMiB: isUsual ? usual : memoryMiB,
      pcieWidth: 16,
      uncorrected: 0,
      isThrottled: false
    }
  }
}
