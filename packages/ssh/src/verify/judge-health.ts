import type { MachineCheck } from "@anygpu/core"
import { checkOf, countText } from "./check.ts"
import type { FoundGpu, GpusRead } from "./gpu-reading.ts"
import { tellsFailure } from "./nvidia-text.ts"
import { sumOf } from "./value.ts"

/** The words of all GPUs, each with how many it is said of where it is not all. */
const wordsOf = (gpus: ReadonlyArray<FoundGpu>, of: (gpu: FoundGpu) => ReadonlyArray<string>): string => {
  const counts = new Map<string, number>()
  for (const word of gpus.flatMap(of)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const part = (count: number) => (count < gpus.length ? ` (${count} of ${gpus.length})` : "")
  return Array.from(counts, ([word, count]) => `${word}${part(count)}`).join(", ")
}

const errorsText = (count: number): string =>
  count === 0 ? "no error" : `${countText(count, "error")} that could not be corrected`

/** Whether a driver says that a GPU is broken: lost, in need of repair, or with errors of its memory. */
export const checkHealth = ({ gpus, said }: GpusRead): MachineCheck => {
  const fresh = sumOf(gpus.map(({ newEccErrors }) => newEccErrors))
  const all = sumOf(gpus.map(({ allEccErrors }) => allEccErrors))
  const repairs = wordsOf(gpus, (gpu) => gpu.repairs)
  const broken = wordsOf(gpus, (gpu) => gpu.brokenFields)
  const check = checkOf(
    "gpu-health",
    null,
    all === null && fresh === null ? null : errorsText(Math.max(all ?? 0, fresh ?? 0))
  )
  if (tellsFailure(said)) return check("faulty", `The driver says of a GPU: ${said}`)
  if (broken !== "") return check("faulty", `A GPU does not answer for ${broken}`)
  if (repairs !== "") return check("faulty", `A GPU has to be repaired: ${repairs}`)
  if (fresh !== null && fresh > 0) return check("faulty", `The memory of the GPUs has ${errorsText(fresh)}`)
  if (said !== "") return check("note", `The driver says: ${said}`)
  if (all !== null && all > 0) return check("note", `The memory of the GPUs had ${errorsText(all)} in all its time`)
  return fresh === null && all === null
    ? check("unknown", "The driver counts no errors of the GPUs' memory")
    : check("ok", "The driver knows of no error")
}

/** Whether heat or power hold a GPU back right now. */
export const checkSlowdown = (gpus: ReadonlyArray<FoundGpu>): MachineCheck => {
  const words = wordsOf(gpus, ({ slowdowns }) => slowdowns ?? [])
  const isKnown = gpus.every(({ slowdowns }) => slowdowns !== null)
  const check = checkOf("gpu-speed", null, words || (isKnown ? "not held back" : null))
  if (words !== "") return check("slow", `A GPU is slower than it could be: ${words}`)
  return isKnown
    ? check("ok", "No GPU is held back")
    : check("unknown", "The driver does not report whether a GPU is held back")
}

/** Below this share of its usual power a card is slower than others of its model. */
const leastPower = 0.95

/** Whether a GPU may use the power that its model has. */
export const checkPower = (gpus: ReadonlyArray<FoundGpu>): MachineCheck => {
  const known = gpus.flatMap(({ powerLimit, usualPowerLimit }) =>
    powerLimit !== null && usualPowerLimit !== null && usualPowerLimit > 0 ? [{ powerLimit, usualPowerLimit }] : []
  )
  const [lowest] = known.toSorted((a, b) => a.powerLimit / a.usualPowerLimit - b.powerLimit / b.usualPowerLimit)
  if (!lowest) return checkOf("gpu-power", null, null)("unknown", "The driver does not report the limit of power")
  const { powerLimit, usualPowerLimit } = lowest
  const check = checkOf("gpu-power", null, `${powerLimit} of ${usualPowerLimit} W`)
  if (powerLimit < usualPowerLimit * leastPower) {
    return check("slow", `A GPU is limited to ${powerLimit} of its usual ${usualPowerLimit} W`)
  }
  return known.length < gpus.length
    ? check("unknown", "The driver does not report the limit of power of each GPU")
    : check("ok", "Each GPU has its usual power")
}

/** How a GPU is connected. Idle cards go down to a slow link by themselves, so that this is never more than a note. */
export const checkLink = (gpus: ReadonlyArray<FoundGpu>): MachineCheck => {
  const known = gpus.filter(({ lanes, generation }) => lanes !== null || generation !== null)
  const below = known.find(({ lanes, mostLanes }) => lanes !== null && mostLanes !== null && lanes < mostLanes)
  const slower = known.find(
    ({ generation, highestGeneration }) =>
      generation !== null && highestGeneration !== null && generation < highestGeneration
  )
  const [gpu] = [below, slower, known[0]].filter((one) => one !== undefined)
  if (!gpu) return checkOf("gpu-link", null, null)("unknown", "The driver does not report how the GPUs are connected")
  const link = `PCIe ${gpu.generation ?? "?"} with ${gpu.lanes ?? "?"} lanes`
  const check = checkOf("gpu-link", null, link)
  if (below) return check("note", `A GPU is connected with ${below.lanes} of ${below.mostLanes} lanes of PCIe`)
  if (!slower) return check("ok", "The GPUs are connected as well as they can be")
  return check(
    "note",
    `A GPU is connected by PCIe ${slower.generation} of ${slower.highestGeneration}, as idle cards often are`
  )
}

/** Which driver there is. No offer promises one. */
export const checkDriver = ({ driver, cuda }: GpusRead): MachineCheck => {
  const found = driver === null ? null : `${driver}${cuda === null ? "" : `, CUDA up to ${cuda}`}`
  const check = checkOf("driver", null, found)
  return found === null
    ? check("unknown", "The driver does not report its version")
    : check("ok", `The driver is ${found}`)
}
