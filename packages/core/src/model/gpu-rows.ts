import type { Gpu, GpuVendor } from "./gpu.ts"

/** One row of the GPU table. */
export interface GpuModel {
  /** The canonical name. */
  readonly model: string
  readonly vendor: GpuVendor
  /** Memory per GPU in GiB, as the card is sold; every common variant, empty where none is commonly known. */
  readonly vramGiB: ReadonlyArray<number>
  /** How the card is connected; null on laptops, on superchips, and where the name leaves it open. */
  readonly interface: Gpu["interface"]
  /** Other names, among them the exact spellings of the supported clouds. */
  readonly aliases: ReadonlyArray<string>
  /** The less exact name that covers this model: `"A100"` for `"A100 SXM4"`. */
  readonly family: string | null
}

type Vram = number | ReadonlyArray<number>

/** Rows of one maker and one way of being connected. */
const row =
  (vendor: GpuVendor, bus: Gpu["interface"]) =>
  (model: string, vram: Vram, aliases: ReadonlyArray<string> = [], family: string | null = null): GpuModel => ({
    model,
    vendor,
    vramGiB: [vram].flat(),
    interface: bus,
    aliases,
    family
  })

/** A card of NVIDIA in a PCIe slot. */
export const card = row("nvidia", "pcie")
/** A module of NVIDIA on an SXM board. */
export const sxm = row("nvidia", "sxm")
/** A PCIe card of NVIDIA that is bridged with its neighbour. */
export const nvl = row("nvidia", "nvl")
/** An NVIDIA part whose name does not show its interface, or that has an interface of its own. */
export const open = row("nvidia", null)
/** A card of AMD in a PCIe slot. */
export const amd = row("amd", "pcie")
const oam = row("amd", null)
/** A card of Intel in a PCIe slot. */
export const intel = row("intel", "pcie")

/** A card of the time when NVIDIA's data-centre cards were called Tesla. */
export const tesla = (model: string, vram: Vram, family: string | null = null): GpuModel =>
  card(model, vram, [`Tesla ${model}`], family)

/** GeForce cards called SUPER, which clouds shorten to an S. */
export const superCard = (model: string, vram: Vram, aliases: ReadonlyArray<string>): GpuModel =>
  card(`${model} SUPER`, vram, aliases)

/** The laptop part: slower than the card of the same number, and with less memory. */
export const laptop = (model: string, vram: Vram): GpuModel =>
  open(`${model} Laptop`, vram, [`${model} laptop`, `${model} Laptop GPU`, `${model} Mobile`])

/** A workstation card of the Turing generation, which Vast shortens to Q. */
export const quadroRtx = (number: number, vram: Vram, aliases: ReadonlyArray<string> = []): GpuModel =>
  card(`Quadro RTX ${number}`, vram, [`Q RTX ${number}`, ...aliases])

/** A workstation card of the Ampere generation. */
export const ampereRtx = (number: number, vram: Vram): GpuModel => card(`RTX A${number}`, vram, [`A${number}`])

/** A workstation card of the Ada generation. */
export const ada = (number: number, vram: Vram): GpuModel =>
  card(`RTX ${number} Ada`, vram, [`RTX ${number}Ada`, `RTX ${number} Ada Generation`, `${number} Ada`])

/** A workstation card of the Blackwell generation. */
export const pro = (number: number, vram: Vram): GpuModel =>
  card(`RTX PRO ${number}`, vram, [`RTX PRO ${number} Blackwell`, `PRO ${number}`])

/** A module of AMD on an OAM board. */
export const instinct = (number: string, vram: Vram): GpuModel =>
  oam(`MI${number}`, vram, [`InstinctMI${number}`, `Instinct MI${number} OAM`, `MI${number} OAM`])

/** A card of AMD's Radeon series. */
export const radeon = (model: string, vram: Vram): GpuModel => amd(model, vram, [`Radeon ${model}`])

/** An accelerator of Intel's Gaudi series. */
export const gaudi = (model: string, vram: Vram, aliases: ReadonlyArray<string> = []): GpuModel =>
  row("intel", null)(model, vram, aliases, model === "Gaudi" ? null : "Gaudi")
