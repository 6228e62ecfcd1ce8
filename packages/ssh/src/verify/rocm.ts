import { type FoundGpu, foundGpu, type GpuReading, unknownGpus } from "./gpu-reading.ts"
import { shortly } from "./nvidia-text.ts"
import { isBroken, numberIn, wordIn } from "./value.ts"

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Where the versions of ROCm keep the name of a card: 6.1 writes words in capitals, and `Device Name`. */
const nameFields = ["Card Series", "Card series", "Device Name", "Card Model", "Card model"]

/** A number of a chip is no name. */
const isName = (text: string): boolean => !/^0x[0-9a-f]+$/i.test(text)

/**
 * The names that one text gives: `Navi 22 [Radeon RX 6700/6700 XT / 6800M]` is one of three cards.
 *
 * - What stands in brackets is the card, what stands before them is the chip.
 */
const namesIn = (text: string): ReadonlyArray<string> => {
  const card = /\[([^\]]+)\]\s*$/.exec(text)?.[1] ?? text
  const [first = "", ...others] = card.split("/").map((part) => part.trim())
  const family = first.replace(/\S+$/, "")
  return [first, ...others.map((other) => family + other)].map((name) => name.replace(/^Radeon (?=Instinct)/, ""))
}

const textOf = (fields: Fields, name: string): string | null => {
  const value = fields[name]
  return typeof value === "string" ? wordIn(value) : null
}

const gpuOf = (fields: Fields): FoundGpu => {
  const name = nameFields.map((field) => textOf(fields, field)).find((text) => text !== null && isName(text))
  const bytes = numberIn(textOf(fields, "VRAM Total Memory (B)"))
  return foundGpu({
    names: name ? namesIn(name) : [],
    memoryMiB: bytes === null ? null : Math.round(bytes / 1_048_576),
    brokenFields: Object.entries(fields).flatMap(([field, text]) =>
      typeof text === "string" && isBroken(text) ? [field] : []
    )
  })
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const failures = /driver not initiali[sz]ed|not found in modules|unable to (?:get|open|detect)|no amd gpus?/i

/** Reads what `rocm-smi --json` wrote: a text that is cut, or not whole, is `unknown`. */
export const readRocm = (text: string): GpuReading => {
  const from = text.search(/^\{/m)
  if (from < 0 && failures.test(text)) return { state: "failed", said: shortly(text) }
  const answer = from < 0 ? null : parsed(text.slice(from))
  if (!isFields(answer)) return unknownGpus("what rocm-smi wrote is no whole JSON")
  const cards = Object.entries(answer).flatMap(([key, fields]) =>
    /^card\d+$/.test(key) && isFields(fields) ? [fields] : []
  )
  const system = isFields(answer["system"]) ? answer["system"] : {}
  const said = shortly(text.slice(0, from))
  if (cards.length === 0) return { state: "none", said: said || "it lists no GPU" }
  return {
    state: "read",
    gpus: cards.map(gpuOf),
    attached: null,
    driver: textOf(system, "Driver version"),
    cuda: null,
    said
  }
}
