import * as Result from "effect/Result"
import { InvalidRequest } from "../errors.ts"
import { ambiguous, fold, lookUp, memoryInName, unnamed } from "./gpu-lookup.ts"
import { gpuModels } from "./gpu-models.ts"
import { distance } from "./spelling.ts"

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

/** `8x H100`, `8 x h100`, `H100 x8`, `H100:8` and `H100_8x`: a count and a name. */
const counts: ReadonlyArray<RegExp> = [
  /^\s*(?<count>\d{1,3})\s*[x×]\s*(?<name>[a-z].*)$/is,
  /^(?<name>.*\S)\s*[x×:]\s*(?<count>\d{1,2})\s*$/is,
  /^(?<name>.*\S)[\s_-]+(?<count>\d{1,2})[x×]\s*$/is
]

/** What is wanted, with its count apart; a name that is known as a whole has none. */
const countedIn = (wanted: string): { readonly name: string; readonly count: number | null } => {
  if (lookUp(wanted, null).row) return { name: wanted, count: null }
  for (const pattern of counts) {
    const { name, count } = pattern.exec(wanted)?.groups ?? {}
    if (name !== undefined && Number(count) > 0) return { name, count: Number(count) }
  }
  return { name: wanted, count: null }
}

/** A GPU that is wanted. */
export interface WantedGpu {
  /** Every canonical model that the name covers; of a name that nobody knows, just that name. */
  readonly models: ReadonlyArray<string>
  /** The memory per GPU that the name asks for, as sold (`"H100-80GB"`), in MiB; clouds report a few percent less. */
  readonly vramMiB?: number
  /** How many GPUs the name asks for (`"8x H100"`). */
  readonly count?: number
  /** The nearest known names, where this one is not known: a cloud may list it all the same. */
  readonly unknown?: ReadonlyArray<string>
}

/**
 * What a wanted GPU name asks for.
 *
 * - A family covers itself and its variants.
 * - A GeForce may be asked for by its number alone: `"4090"` is `"RTX 4090"`.
 * - A name that nobody knows is passed on: an offer that a cloud lists under just this name is found. `unknown` then
 *   has the nearest known names, for a hint.
 * - Fails with `InvalidRequest` at path `gpu` for an empty name, and for one that several generations share.
 *
 * @example
 * ```ts
 * import * as Result from "effect/Result"
 * import { parseGpu } from "@anygpu/core"
 *
 * Result.getOrThrow(parseGpu("A100-80GB")).models // ["A100", "A100 SXM4", "A100 PCIE"], with vramMiB 81920
 * Result.getOrThrow(parseGpu("8x H100")).count    // 8
 * ```
 */
export const parseGpu = (wanted: string): Result.Result<WantedGpu, InvalidRequest> => {
  const { name, count } = countedIn(wanted)
  const asWanted = /^\s*\d{4}(?!\d)/.test(name) ? leftOut : [""]
  const { row, vramMiB } = asWanted.map((word) => lookUp(word + name, null)).find((named) => named.row) ?? unnamed
  const more = { ...(vramMiB !== null && { vramMiB }), ...(count !== null && { count }) }
  if (row) {
    const covered = gpuModels.filter(({ model, family }) => model === row.model || family === row.model)
    return Result.succeed({ models: covered.length > 0 ? covered.map(({ model }) => model) : [row.model], ...more })
  }
  if (fold(name).key === "") return Result.fail(InvalidRequest.of("gpu", "is empty: name a GPU, or leave it out"))
  const bare = name.replace(memoryInName, "")
  const several = asWanted.map((word) => ambiguous.get(fold(word + bare).key)).find((models) => models)
  return several
    ? Result.fail(InvalidRequest.of("gpu", `"${wanted}" names several GPUs; say which: ${listed(several)}`))
    : Result.succeed({ models: [name.trim()], ...more, unknown: nearestGpus(name, 3) })
}

/** What to say of wanted names that nobody knows, when nothing was found; null when all are known. */
export const unknownGpuHint = (wanted: string | ReadonlyArray<string> | undefined): string | null => {
  const hints = [wanted ?? []].flat().flatMap((name) => {
    const nearest = Result.getOrUndefined(parseGpu(name))?.unknown
    return nearest ? [`"${name}" is not a GPU that anygpu knows; did you mean ${listed(nearest)}?`] : []
  })
  return hints.length > 0 ? hints.join(" ") : null
}

/** Whether two names are one to {@link parseGpu}: case, gaps and the vendor's words make no difference. */
export const sameGpuName = (a: string, b: string): boolean => fold(a).key === fold(b).key

/**
 * The models that a wanted name covers; `parseGpu` also gives the memory and the count that the name asks for.
 *
 * - Fails with `InvalidRequest` at path `gpu` for an empty name, and for one that several generations share.
 */
export const matchGpu = (wanted: string): Result.Result<ReadonlyArray<string>, InvalidRequest> =>
  Result.map(parseGpu(wanted), ({ models }) => models)
