import { canonicalGpu, type Gpu, type MachineCheck, matchGpu, sameGpuName, vramTolerance } from "@anygpu/core"
import * as Result from "effect/Result"
import { checkOf, countText, sizeText } from "./check.ts"
import type { FoundGpu, GpuReading } from "./gpu-reading.ts"
import { shortly } from "./nvidia-text.ts"

/** An offer of a part of a card: `H100 MIG 1g.10gb`. */
const sliceName = / MIG \d+g\./

/** The card that an offer is of, or of which it is a slice. */
const cardOf = ({ model }: Gpu): string => model.split(sliceName)[0] ?? model

/** Whether an offer is for a slice of a card. */
const isSlice = ({ model }: Gpu): boolean => sliceName.test(model)

/** Whether a wanted name covers a model: itself, its variants, and other spellings. */
const covers = (wanted: string, model: string): boolean =>
  sameGpuName(wanted, model) || Result.getOrElse(matchGpu(wanted), () => [wanted]).includes(model)

/** Whether a card is what was offered; null where a name is in no table, so that nobody knows. */
const isModel = (offered: Gpu, { names, memoryMiB }: FoundGpu): boolean | null => {
  const card = cardOf(offered)
  const models = names.map((name) => canonicalGpu(name, { vramMiB: memoryMiB }))
  if (models.some(({ model }) => covers(card, model) || covers(model, card))) return true
  return offered.known && models.some(({ known }) => known) ? false : null
}

/** The GPUs that can be used as the offer counts them: cards, or slices of cards. Null where the slices are not listed. */
const countOf = (offered: Gpu, gpus: ReadonlyArray<FoundGpu>): number | null => {
  if (!isSlice(offered)) return gpus.length
  const slices = gpus.map((gpu) => (gpu.isDivided === true ? gpu.slices : [{ memoryMiB: gpu.memoryMiB }]))
  return slices.some((some) => some === null) ? null : slices.flatMap((some) => some ?? []).length
}

const nounOf = (offered: Gpu): string => (isSlice(offered) ? "slice" : "GPU")

/** Whether there are as many GPUs as were offered. */
export const checkCount = (offered: Gpu, reading: GpuReading): MachineCheck => {
  const { count } = offered
  const noun = nounOf(offered)
  const said = countText(count, noun)
  if (reading.state !== "read") {
    const check = checkOf("gpu-count", said, reading.state === "none" ? `no ${noun}` : null)
    if (reading.state === "none") return check("wrong", `The machine shows no GPU: ${reading.said}`)
    return reading.state === "failed"
      ? check("faulty", `The driver of the GPUs does not work: ${reading.said}`)
      : check("unknown", `The GPUs could not be read: ${reading.said}`)
  }
  const found = countOf(offered, reading.gpus)
  const check = checkOf("gpu-count", said, found === null ? null : countText(found, noun))
  if (found === null) return check("unknown", "The slices of the card could not be read")
  if (found < count) return check("wrong", `The offer is for ${said}, and the machine shows ${found}`)
  if ((reading.attached ?? 0) > reading.gpus.length) {
    return check("faulty", `The driver has ${reading.attached} GPUs attached, and shows ${reading.gpus.length}`)
  }
  return found > count
    ? check("note", `The machine shows ${found}, more than the ${count} of the offer: others may use them`)
    : check("ok", "There are as many as were offered")
}

/** Whether each GPU is the model that was offered. */
export const checkModel = (offered: Gpu, gpus: ReadonlyArray<FoundGpu>): MachineCheck => {
  const names = new Set(gpus.map((gpu) => gpu.names.join(" or ")))
  const found = shortly([...names].filter((name) => name !== "").join(", "))
  const check = checkOf("gpu-model", offered.model, found || null)
  const answers = gpus.map((gpu) => isModel(offered, gpu))
  if (answers.includes(false)) return check("wrong", `The offer is for ${offered.model}, and the machine has ${found}`)
  if (found === "") return check("unknown", "The driver does not name the GPUs")
  return answers.includes(null) || gpus.length === 0
    ? check("unknown", `Nobody knows whether "${found}" is ${offered.model}: one of the names is in no table`)
    : check("ok", "The model is the one that was offered")
}

/** The memory of each GPU, or slice. */
const memoriesOf = (offered: Gpu, gpus: ReadonlyArray<FoundGpu>): ReadonlyArray<number | null> =>
  gpus.flatMap((gpu) =>
    isSlice(offered) && gpu.isDivided === true ? (gpu.slices ?? []).map((slice) => slice.memoryMiB) : [gpu.memoryMiB]
  )

/** What the driver and error correction keep: up to 8 percent of a card, and 12 of a slice, whose name is rounded up. */
const leastShare = (offered: Gpu): number => (isSlice(offered) ? 0.88 : vramTolerance)

/** Whether each GPU has the memory that was offered. */
export const checkMemory = (offered: Gpu, gpus: ReadonlyArray<FoundGpu>): MachineCheck => {
  const memories = memoriesOf(offered, gpus)
  const known = memories.filter((memory) => memory !== null)
  const least = Math.min(...known)
  const found = known.length === 0 ? null : sizeText(least)
  const { vramMiB } = offered
  const check = checkOf("gpu-memory", vramMiB === null ? null : sizeText(vramMiB), found)
  if (found === null || known.length < memories.length) {
    return check("unknown", "The driver does not report the memory of each GPU")
  }
  if (vramMiB === null) return check("unknown", "The offer does not say how much memory a GPU has")
  if (least < vramMiB * leastShare(offered)) {
    return check("wrong", `The offer has ${sizeText(vramMiB)} for each GPU, and the machine ${found}`)
  }
  return least > vramMiB * 1.1
    ? check("note", `A GPU has ${found}, more than the ${sizeText(vramMiB)} of the offer`)
    : check("ok", "Each GPU has the memory that was offered")
}

/** Whether a card is whole, or divided (MIG), as it was offered. */
export const checkDivision = (offered: Gpu, gpus: ReadonlyArray<FoundGpu>): MachineCheck => {
  const wanted = isSlice(offered) ? "a slice" : "whole cards"
  const divided = gpus.filter(({ isDivided }) => isDivided === true)
  const check = checkOf("gpu-division", wanted, divided.length > 0 ? "divided (MIG)" : "whole cards")
  const [none] = divided.filter(({ slices }) => slices?.length === 0)
  if (none) return check("faulty", "A card is divided (MIG) and has no slice: no program can use it")
  if (isSlice(offered)) {
    return divided.length === gpus.length
      ? check("ok", "The cards are divided (MIG), as was offered")
      : check("note", "The offer is for a slice, and the machine shows a whole card")
  }
  return divided.length > 0
    ? check("wrong", "The offer is for whole cards, and the machine has slices of a divided one (MIG)")
    : check("ok", "No card is divided")
}
