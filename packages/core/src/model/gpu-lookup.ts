import type { GpuVendor } from "./gpu.ts"
import { type GpuModel, gpuModels } from "./gpu-models.ts"

interface Folded {
  readonly key: string
  readonly vendor: GpuVendor | null
}

/** A market has a few dozen names in thousands of rows; the bound is for clouds that make names up. */
const foldedNames = new Map<string, Folded>()
const mostFolded = 1_000

/** What is the same in every spelling of a name, and whose card the name says it is. */
export const fold = (name: string): Folded => {
  const known = foldedNames.get(name)
  if (known) return known
  const bare = name.toLowerCase().replace(/[\s_()®™-]+/g, "")
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
export const ambiguous: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ["rtx6000", ["Quadro RTX 6000", "RTX A6000", "RTX 6000 Ada", "RTX PRO 6000"]],
  ["rtx5000", ["Quadro RTX 5000", "RTX A5000", "RTX 5000 Ada", "RTX PRO 5000"]],
  ["rtx4000", ["Quadro RTX 4000", "RTX A4000", "RTX 4000 Ada", "RTX PRO 4000"]]
])

/** Clouds report up to 8 percent less memory than a card is sold with: the driver and error correction keep some. */
const soldWith = (row: GpuModel, vramMiB: number): boolean =>
  row.vramGiB.some((gib) => vramMiB <= gib * 1024 && vramMiB >= gib * 1024 * 0.92)

/** Memory in a name: `80GB`, `80 GiB`, `(80 GB`. */
export const memoryInName = /(?<=[\s_(-])(\d{1,4})\s?gi?b?(?=$|[\s_)-])/i

/** A part of a card: `1g.10gb` of an H100 is one of seven slices, with 10 GB. */
const sliceInName = /[\s_-]+(?:MIG[\s_-]*)?(\d{1,2}g)\.(\d{1,3})gb((?:\+\w+)*)$/i

const longestName = 200

const interfaceAtEnd = /[\s_-]+(sxm|pcie|nvl)\d*$/i

/** What a name leads to. */
export interface Named {
  readonly row: GpuModel | undefined
  /** The memory that the name gives, apart from the model. */
  readonly vramMiB: number | null
}

/** A slice is a model of its own: nobody who wants a card is served with a seventh of it. */
const sliceOf = (name: string, [all, size = "", gb = "", more = ""]: RegExpExecArray): Named => {
  const { row } = lookUp(name.slice(0, -all.length), null)
  if (!row) return unnamed
  const model = `${row.model} MIG ${size.toLowerCase()}.${gb}gb${more.toLowerCase()}`
  return { row: { ...row, model, vramGiB: [Number(gb)], aliases: [], family: null }, vramMiB: Number(gb) * 1024 }
}

/** The row of a name in any of its spellings, and the memory that stands in the name. */
export const lookUp = (name: string, vramHint: number | null): Named => {
  const { key, vendor } = fold(name)
  const ours = (row: GpuModel | undefined) => (row && (vendor === null || vendor === row.vendor) ? row : undefined)
  const exact = ours(rowsByKey.get(key))
  if (exact) return { row: exact, vramMiB: null }
  // Nobody names a card so: its endings are not looked for, which would take long.
  if (name.length > longestName) return unnamed
  const slice = sliceInName.exec(name)
  if (slice) return sliceOf(name, slice)
  const memory = memoryInName.exec(name)
  if (memory) {
    const vramMiB = Number(memory[1]) * 1024
    const { row } = lookUp(name.replace(memory[0], "").trim(), vramMiB)
    return { row, vramMiB: row ? vramMiB : null }
  }
  const bus = interfaceAtEnd.exec(name)
  if (bus) {
    const named = lookUp(name.slice(0, bus.index), vramHint)
    if (named.row?.interface === bus[1]?.toLowerCase()) return named
  }
  const candidates = (ambiguous.get(key) ?? []).flatMap((model) => rowsByKey.get(fold(model).key) ?? [])
  const fitting = vramHint === null ? [] : candidates.filter((row) => soldWith(row, vramHint))
  return { row: fitting.length === 1 ? ours(fitting[0]) : undefined, vramMiB: null }
}

/** What a name that nobody knows leads to. */
export const unnamed: Named = { row: undefined, vramMiB: null }
