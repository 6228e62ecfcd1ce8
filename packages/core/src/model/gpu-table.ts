import type { Gpu } from "./gpu.ts"
import { fold, lookUp } from "./gpu-lookup.ts"

export { type GpuModel, gpuModels } from "./gpu-models.ts"

const interfaceOf = (text: string | null | undefined): Gpu["interface"] => {
  if (!text) return null
  const [, word] = /^(sxm|pcie|nvl)\d*$/.exec(text.toLowerCase().replace(/[\s_-]+/g, "")) ?? []
  return (word as Gpu["interface"] | undefined) ?? null
}

/**
 * The canonical model of a GPU name as a cloud writes it.
 *
 * - Case, spaces, underscores, dashes, `NVIDIA` and `GeForce` make no difference: `RTX_4090` is `"RTX 4090"`.
 * - A family name with an interface becomes the model: `"a100"` and `"sxm"` give `"A100 SXM4"`; without one it stays
 *   the family, `"A100"`. An interface that contradicts the name is ignored.
 * - `vramMiB` decides only where one name was sold with different memory in different generations (`"RTX 6000"`).
 * - The answer's `vramMiB` is the one given, or what the name says (`"GTX 1060 6GB"`), in MiB per GPU; else null.
 * - A slice of a card (`"H100 MIG 1g.10gb"`) is a model of its own.
 * - A name that is no alias is kept as written, trimmed, with `known: false`; nothing near it is guessed.
 *
 * @example
 * ```ts
 * import { canonicalGpu } from "@anygpu/core"
 *
 * canonicalGpu("NVIDIA GeForce RTX 4090").model            // "RTX 4090"
 * canonicalGpu("a100", { interface: "PCIE" }).model        // "A100 PCIE"
 * ```
 */
export const canonicalGpu = (
  name: string,
  hints: { readonly interface?: string | null; readonly vramMiB?: number | null } = {}
): Omit<Gpu, "count"> => {
  const hinted = interfaceOf(hints.interface)
  const { row, vramMiB: inName } = lookUp(name, hints.vramMiB ?? null)
  const vramMiB = hints.vramMiB ?? inName
  if (!row)
    return { model: name.trim(), known: false, vendor: fold(name).vendor ?? "unknown", interface: hinted, vramMiB }
  const variant = hinted === null ? undefined : lookUp(`${row.model} ${hinted}`, null).row
  const model = variant?.family === row.model ? variant : row
  return { model: model.model, known: true, vendor: model.vendor, interface: model.interface ?? hinted, vramMiB }
}
