import type { Gpu } from "./gpu.ts"
import { gpuModels } from "./gpu-models.ts"

/**
 * Models by compute capability; the variants of a family are covered by its name, and laptop parts by the card of their
 * number.
 *
 * - Cards sold for mining, and names that were never sold, are in no list of NVIDIA: theirs is not known.
 *
 * Source: NVIDIA, "CUDA GPU Compute Capability" and "Legacy CUDA GPU Compute Capability" (developer.nvidia.com/cuda-gpus); for the
 * export variants A800, H800 and H20 the guides of their architectures (Ampere GA100: 8.0, Hopper: 9.0).
 */
const published: Readonly<Record<string, string>> = {
  "12.1": "GB10",
  "12.0":
    "RTX 5090, RTX 5090D, RTX 5080, RTX 5070, RTX 5070 Ti, RTX 5060, RTX 5060 Ti, RTX 5050, RTX PRO 2000, RTX PRO 4000, " +
    "RTX PRO 4000 SFF, RTX PRO 4000 Mobile, RTX PRO 4500, RTX PRO 5000, RTX PRO 6000",
  "10.3": "B300, GB300",
  "10.0": "B100, B200, GB200",
  "9.0": "H100, H200, H800, H20, GH200",
  "8.9":
    "L2, L4, L20, L40, L40S, RTX 4090, RTX 4090D, RTX 4080, RTX 4080 SUPER, RTX 4070, RTX 4070 SUPER, RTX 4070 Ti, " +
    "RTX 4070 Ti SUPER, RTX 4060, RTX 4060 Ti, RTX 4050 Laptop, RTX 6000 Ada, RTX 5880 Ada, RTX 5000 Ada, RTX 4500 Ada, " +
    "RTX 4000 Ada, RTX 4000 SFF Ada, RTX 2000 Ada",
  "8.6":
    "A2, A10, A10G, A16, A40, RTX 3090, RTX 3090 Ti, RTX 3080, RTX 3080 Ti, RTX 3070, RTX 3070 Ti, RTX 3060, RTX 3060 Ti, " +
    "RTX 3050, RTX 3050 Ti, RTX A6000, RTX A5500, RTX A5000, RTX A4500, RTX A4000, RTX A3000 Laptop, RTX A2000, RTX A1000, " +
    "RTX A400",
  "8.0": "A100, A100X, A800, A30",
  "7.5":
    "T4, RTX 2080, RTX 2080 SUPER, RTX 2080 Ti, RTX 2070, RTX 2070 SUPER, RTX 2060, RTX 2060 SUPER, GTX 1660, " +
    "GTX 1660 SUPER, GTX 1660 Ti, GTX 1650, GTX 1650 SUPER, GTX 1650 Ti, GTX 1630, Titan RTX, Quadro RTX 8000, " +
    "Quadro RTX 6000, Quadro RTX 5000, Quadro RTX 4000, T1000, T600, T400",
  "7.0": "V100, V100S, Titan V, TITAN V CEO, Quadro GV100",
  "6.1":
    "P40, P6, P4, GTX 1080, GTX 1080 Ti, GTX 1070, GTX 1070 Ti, GTX 1060, GTX 1050, GTX 1050 Ti, GT 1030, Titan X, " +
    "Titan Xp, Quadro P6000, Quadro P5000, Quadro P4000, Quadro P2200, Quadro P2000, Quadro P1000, Quadro P620, Quadro P600, " +
    "Quadro P400",
  "6.0": "P100, Quadro GP100",
  "5.2":
    "M60, M40, M6, M4, GTX 980, GTX 980 Ti, GTX 970, GTX 960, GTX 950, GTX TITAN X, Quadro M6000, Quadro M5000, " +
    "Quadro M4000",
  "5.0": "M10, GTX 750, GTX 750 Ti, Quadro K2200, Quadro K620",
  "3.7": "K80",
  "3.5": "K40, K20, K20X, K20c, GTX 780, GTX 780 Ti"
}

const listed: ReadonlyMap<string, string> = new Map(
  Object.entries(published).flatMap(([version, models]) => models.split(", ").map((model) => [model, version] as const))
)

const ownOrFamily = (model: string, family: string | null): string | null =>
  listed.get(model) ??
  (family === null ? undefined : listed.get(family)) ??
  listed.get(model.replace(/ Laptop$/, "")) ??
  null

const byModel: ReadonlyMap<string, string | null> = new Map(
  gpuModels.map(({ model, family }) => [model, ownOrFamily(model, family)])
)

/**
 * The compute capability of a GPU, as NVIDIA publishes it: `8.9` for an RTX 4090.
 *
 * - A slice of a card has that of the card.
 * - Null for GPUs of other makers, which have none, and for models that NVIDIA's lists or core's table lack.
 */
export const computeCapabilityOf = ({ model, known }: Pick<Gpu, "model" | "known">): string | null =>
  known ? (byModel.get(model.replace(/ MIG \S+$/, "")) ?? null) : null
