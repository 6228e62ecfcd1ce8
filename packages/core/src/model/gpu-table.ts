import * as Result from "effect/Result"
import { InvalidRequest } from "../errors.ts"
import type { Gpu, GpuVendor } from "./gpu.ts"
import { type GpuModel, gpuModels } from "./gpu-models.ts"

export { type GpuModel, gpuModels } from "./gpu-models.ts"

interface Folded {
  readonly key: string
  readonly vendor: GpuVendor | null
}

/** A market has a few dozen names in thousands of rows; the bound is for clouds that make names up. */
const foldedNames = new Map<string, Folded>()
const mostFolded = 1_000

/** What is the same in every spelling of a name, and whose card the name says it is. */
const fold = (name: string): Folded => {
  const known = foldedNames.get(name)
  if (known) return known
  const bare = name.toLowerCase().replace(/[\s_®™-]+/g, "")
  const [, word, afterVendor = bare] = /^(nvidia|amd|intel)(?=.)(.*)$/.exec(bare) ?? []
  const [, brand, key = afterVendor] = /^(geforce)(?=[a-z])(.*)$/.exec(afterVendor) ?? []
  const folded = { key, vendor: (word as GpuVendor | undefined) ?? (brand ? "nvidia" : null) }
  if (foldedNames.size >= mostFolded) foldedNames.clear()
  foldedNames.set(name, folded)
  return folded
}

const rowsByKey: ReadonlyMap<string, GpuModel> = new Map(
  gpuModels.flatMap((row) => [row.model, ...row.aliases].map((name) => [fold(name).key, row] as const))
)

/** Names that belong to several generations and say nothing without the memory. */
const ambiguous: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ["rtx6000", ["Quadro RTX 6000", "RTX A6000", "RTX 6000 Ada", "RTX PRO 6000"]],
  ["rtx5000", ["Quadro RTX 5000", "RTX A5000", "RTX 5000 Ada", "RTX PRO 5000"]],
  ["rtx4000", ["Quadro RTX 4000", "RTX A4000", "RTX 4000 Ada", "RTX PRO 4000"]]
])

/** Clouds report up to 8 percent less memory than a card is sold with: the driver and error correction keep some. */
const soldWith = (row: GpuModel, vramMiB: number): boolean =>
  row.vramGiB.some((gib) => vramMiB <= gib * 1024 && vramMiB >= gib * 1024 * 0.92)

const memoryInName = /(?<=[\s_-])(\d{1,4})\s?gi?b?(?=$|[\s_-])/i

interface Named {
  readonly row: GpuModel | undefined
  /** The memory that the name told, apart from the model. */
  readonly vramMiB: number | null
}

const lookUp = (name: string, vramHint: number | null): Named => {
  const { key, vendor } = fold(name)
  const ours = (row: GpuModel | undefined) => (row && (vendor === null || vendor === row.vendor) ? row : undefined)
  const exact = ours(rowsByKey.get(key))
  if (exact) return { row: exact, vramMiB: null }
  const memory = memoryInName.exec(name)
  if (memory) {
    const vramMiB = Number(memory[1]) * 1024
    const { row } = lookUp(name.replace(memory[0], "").trim(), vramMiB)
    return { row, vramMiB: row ? vramMiB : null }
  }
  const candidates = (ambiguous.get(key) ?? []).flatMap((model) => rowsByKey.get(fold(model).key) ?? [])
  const fitting = vramHint === null ? [] : candidates.filter((row) => soldWith(row, vramHint))
  return { row: fitting.length === 1 ? ours(fitting[0]) : undefined, vramMiB: null }
}

const unnamed: Named = { row: undefined, vramMiB: null }

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
): Pick<Gpu, "model" | "known" | "vendor" | "interface"> => {
  const told = interfaceOf(hints.interface)
  const { row } = lookUp(name, hints.vramMiB ?? null)
  if (!row) return { model: name.trim(), known: false, vendor: fold(name).vendor ?? "unknown", interface: told }
  const variants =
    told === null ? [] : gpuModels.filter(({ family, interface: bus }) => family === row.model && bus === told)
  const model = (variants.length === 1 ? variants[0] : undefined) ?? row
  return { model: model.model, known: true, vendor: model.vendor, interface: model.interface ?? told }
}

/** How many keystrokes apart two texts are: a letter more, less or other, or two neighbours swapped. */
const distance = (a: string, b: string): number => {
  let before: ReadonlyArray<number> = []
  let above: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const line = [i]
    for (let j = 1; j <= b.length; j++) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1
      const steps = [(above[j] ?? 0) + 1, (line[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + other]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      line.push(Math.min(...steps, ...(swapped ? [(before[j - 2] ?? 0) + 1] : [])))
    }
    before = above
    above = line
  }
  return above[b.length] ?? 0
}

/** How far a name is from an alias: a part of it, such as "4090", is nearer than any misspelling. */
const away = (key: string, alias: string): number =>
  key.length >= 3 && alias.includes(key) ? (alias.length - key.length) / 100 : distance(key, alias)

/** The canonical names of the `n` models whose spelling is nearest to a name, nearest first. */
export const nearestGpus = (name: string, n: number): ReadonlyArray<string> => {
  const key = fold(name.slice(0, 60)).key
  return gpuModels
    .map((row) => ({
      model: row.model,
      far: Math.min(...[row.model, ...row.aliases].map((alias) => away(key, fold(alias).key)))
    }))
    .sort((a, b) => a.far - b.far)
    .slice(0, n)
    .map(({ model }) => model)
}

/** What people leave out of the name of a GeForce: its number alone is no other card's. */
const leftOut: ReadonlyArray<string> = ["", "RTX ", "GTX "]

const listed = (models: ReadonlyArray<string>): string => models.map((model) => `"${model}"`).join(", ")

/**
 * What a wanted GPU name asks for.
 *
 * - `models`: every canonical model that it covers; a family covers itself and its variants.
 * - A GeForce may be asked for by its number alone: `"4090"` is `"RTX 4090"`.
 * - `vramMiB`: the memory per GPU that the name asks for, as sold (`"H100-80GB"`); clouds report a few percent less.
 * - Fails with `InvalidRequest` at path `gpu` for an unknown name, with the nearest known ones.
 *
 * @example
 * ```ts
 * import * as Result from "effect/Result"
 * import { parseGpu } from "@anygpu/core"
 *
 * Result.getOrThrow(parseGpu("A100-80GB")).models // ["A100", "A100 SXM4", "A100 PCIE"], with vramMiB 81920
 * ```
 */
export const parseGpu = (
  wanted: string
): Result.Result<{ readonly models: ReadonlyArray<string>; readonly vramMiB?: number }, InvalidRequest> => {
  const asWanted = /^\s*\d{4}(?!\d)/.test(wanted) ? leftOut : [""]
  const { row, vramMiB } = asWanted.map((word) => lookUp(word + wanted, null)).find((named) => named.row) ?? unnamed
  if (row) {
    const covered = gpuModels.filter(({ model, family }) => model === row.model || family === row.model)
    return Result.succeed({ models: covered.map(({ model }) => model), ...(vramMiB !== null && { vramMiB }) })
  }
  const several = ambiguous.get(fold(wanted.replace(memoryInName, "")).key)
  const problem = several
    ? `"${wanted}" names several GPUs; say which: ${listed(several)}`
    : `"${wanted}" is not a known GPU; did you mean ${listed(nearestGpus(wanted, 3))}?`
  return Result.fail(InvalidRequest.of("gpu", problem))
}

/**
 * The canonical models that a wanted name covers; `parseGpu` also tells the memory that the name asks for.
 *
 * - Fails with `InvalidRequest` at path `gpu` for an unknown name, with the nearest known ones.
 */
export const matchGpu = (wanted: string): Result.Result<ReadonlyArray<string>, InvalidRequest> =>
  Result.map(parseGpu(wanted), ({ models }) => models)
