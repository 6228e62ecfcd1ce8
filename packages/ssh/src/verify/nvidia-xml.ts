import type { XmlElement } from "@rgrove/parse-xml"
import { type FoundGpu, type FoundSlice, foundGpu, type GpuReading, unknownGpus } from "./gpu-reading.ts"
import { nvidiaFailure, shortly } from "./nvidia-text.ts"
import { slowdownsIn } from "./slowdown.ts"
import { isBroken, numberIn, sumOf, wordIn } from "./value.ts"
import { childrenOf, elementAt, leavesOf, rootOf, textAt } from "./xml.ts"

const opening = "<nvidia_smi_log>"
const closing = "</nvidia_smi_log>"

/** What nobody needs here, and what programs of others write their names into. */
const unread = /<(processes|supported_clocks|accounted_processes)>[\s\S]*?<\/\1>/g

/** The document in what nvidia-smi wrote, and what it wrote around it. */
const documentIn = (text: string): { readonly document: string; readonly around: string } | null => {
  const from = text.indexOf("<?xml")
  const to = text.lastIndexOf(closing)
  if (from < 0 || to < from || !text.slice(from, to).includes(opening)) return null
  const end = to + closing.length
  return { document: text.slice(from, end).replace(unread, ""), around: `${text.slice(0, from)} ${text.slice(end)}` }
}

const slowdownsOf = (gpu: XmlElement): ReadonlyArray<string> | null => {
  const reasons = elementAt(gpu, "clocks_event_reasons") ?? elementAt(gpu, "clocks_throttle_reasons")
  const fields = reasons ? leavesOf(reasons).filter(([name]) => name !== reasons.name) : []
  return fields.length === 0 ? null : slowdownsIn(fields)
}

/** Fields that say what has to be repaired, by what they say then. */
const repairFields: ReadonlyArray<readonly [path: ReadonlyArray<string>, word: RegExp, words: string]> = [
  [["retired_pages", "pending_retirement"], /^yes$/i, "pages of its memory wait to be retired"],
  [["retired_pages", "pending_blacklist"], /^yes$/i, "pages of its memory wait to be retired"],
  [["remapped_rows", "remapped_row_pending"], /^yes$/i, "rows of its memory wait to be replaced"],
  [["remapped_rows", "remapped_row_failure"], /^yes$/i, "rows of its memory could not be replaced"],
  [["ecc_errors", "channel_repair_pending"], /^yes$/i, "a channel of its memory waits for repair"],
  [["ecc_errors", "tpc_repair_pending"], /^yes$/i, "a unit of it waits for repair"],
  [["ecc_errors", "unrepairable_memory"], /^yes$/i, "its memory cannot be repaired"],
  [["gpu_reset_status", "reset_required"], /^yes$/i, "it needs a reset"],
  [["gpu_recovery_action"], /reset|reboot|drain/i, "the driver asks for a reset, a reboot or a drain"]
]

const repairsOf = (gpu: XmlElement): ReadonlyArray<string> => {
  const words = repairFields.flatMap(([path, word, said]) => (word.test(textAt(gpu, ...path) ?? "") ? [said] : []))
  return [...new Set(words)]
}

/** Errors that could not be corrected, of `volatile` or `aggregate`, in the three ways in which drivers count them. */
const eccErrorsOf = (gpu: XmlElement, span: "volatile" | "aggregate"): number | null => {
  const counts = elementAt(gpu, "ecc_errors", span)
  if (!counts) return null
  const double = textAt(counts, "double_bit", "total")
  if (double !== null) return numberIn(double)
  return sumOf(leavesOf(counts).map(([name, text]) => (/uncorrectable/.test(name) ? numberIn(text) : null)))
}

const slicesOf = (gpu: XmlElement): ReadonlyArray<FoundSlice> | null => {
  const devices = elementAt(gpu, "mig_devices")
  if (!devices) return null
  return childrenOf(devices, "mig_device").map((slice) => ({
    memoryMiB: numberIn(textAt(slice, "fb_memory_usage", "total"), "MiB")
  }))
}

const isDivided = (gpu: XmlElement): boolean | null => {
  const word = wordIn(textAt(gpu, "mig_mode", "current_mig"))
  return word === "Enabled" ? true : word === "Disabled" ? false : null
}

const gpuOf = (gpu: XmlElement): FoundGpu => {
  const link = (...path: ReadonlyArray<string>) => textAt(gpu, "pci", "pci_gpu_link_info", ...path)
  const power = elementAt(gpu, "gpu_power_readings") ?? elementAt(gpu, "power_readings")
  const limit = power && (textAt(power, "current_power_limit") ?? textAt(power, "power_limit"))
  const name = wordIn(textAt(gpu, "product_name"))
  return foundGpu({
    names: name === null ? [] : [name],
    memoryMiB: numberIn(textAt(gpu, "fb_memory_usage", "total"), "MiB"),
    isDivided: isDivided(gpu),
    slices: slicesOf(gpu),
    newEccErrors: eccErrorsOf(gpu, "volatile"),
    allEccErrors: eccErrorsOf(gpu, "aggregate"),
    repairs: repairsOf(gpu),
    slowdowns: slowdownsOf(gpu),
    powerLimit: numberIn(limit, "W"),
    usualPowerLimit: numberIn(power && textAt(power, "default_power_limit"), "W"),
    lanes: numberIn(link("link_widths", "current_link_width"), "x"),
    mostLanes: numberIn(link("link_widths", "max_link_width"), "x"),
    generation: numberIn(link("pcie_gen", "current_link_gen")),
    highestGeneration: numberIn(link("pcie_gen", "max_link_gen")),
    brokenFields: leavesOf(gpu).flatMap(([field, text]) => (isBroken(text) ? [field] : []))
  })
}

/**
 * Reads what `nvidia-smi -q -x` wrote.
 *
 * - A document that is cut, or not well formed, is `unknown`: nothing is read of a part.
 */
export const readNvidiaXml = (text: string): GpuReading => {
  const found = documentIn(text)
  if (!found) return nvidiaFailure(text) ?? unknownGpus("what nvidia-smi wrote is no whole document")
  const root = rootOf(found.document)
  if (root?.name !== "nvidia_smi_log") return unknownGpus("what nvidia-smi wrote is no well-formed document")
  const gpus = childrenOf(root, "gpu").map(gpuOf)
  const said = shortly(found.around)
  if (gpus.length === 0) return nvidiaFailure(found.around) ?? { state: "none", said: said || "it lists no GPU" }
  const attached = numberIn(textAt(root, "attached_gpus"))
  if (attached !== null && gpus.length > attached) {
    return unknownGpus(
      `nvidia-smi counts ${attached} GPUs and lists ${gpus.length}: a name of a process may forge some`
    )
  }
  return {
    state: "read",
    gpus,
    attached,
    driver: wordIn(textAt(root, "driver_version")),
    cuda: wordIn(textAt(root, "cuda_version")),
    said
  }
}
