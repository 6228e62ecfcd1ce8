import { type GpuReading, unknownGpus } from "./gpu-reading.ts"
import { coresIn, diskIn, type FoundDisk, memoryIn, speedIn } from "./host.ts"
import { readNvidiaCsv } from "./nvidia-csv.ts"
import { shortly } from "./nvidia-text.ts"
import { readNvidiaXml } from "./nvidia-xml.ts"
import { type Part, type Parts, partsIn } from "./parts.ts"
import { readRocm } from "./rocm.ts"

/** What a quick measure came to: MiB per second, or that it was not asked for, or could not be made. */
export type Speed = number | "not-asked" | "not-measured"

/** What a machine says of itself. What it does not report, or what cannot be read, is null. */
export interface Observation {
  readonly gpus: GpuReading
  /** The cores that it may use: a share of a container counts, not what its host has. */
  readonly cores: number | null
  readonly memoryMiB: number | null
  readonly disk: FoundDisk | null
  readonly writeSpeed: Speed
  readonly downloadSpeed: Speed
}

const absentCode = 127
/** What `timeout` ends with: of coreutils, and of busybox. */
const lateCodes: ReadonlyArray<number> = [124, 143]

/** Reads one program's part. A program that does not answer, or fails after its answer, says so of the GPUs. */
const readPart = (part: Part | undefined, name: string, read: (text: string) => GpuReading): GpuReading => {
  if (part === undefined || part.code === absentCode) return unknownGpus(`the machine has no ${name}`)
  if (lateCodes.includes(part.code)) return { state: "failed", said: `${name} did not answer within 30 seconds` }
  const reading = read(part.text)
  if (reading.state !== "unknown" || part.text.trim() === "") return reading
  return unknownGpus(`${reading.said}: ${shortly(part.text)}`)
}

/** The GPUs by what says most: the XML form, else the CSV form, else ROCm. */
const gpusIn = (parts: Parts): GpuReading => {
  const xml = readPart(parts.get("nvidia-xml"), "nvidia-smi", readNvidiaXml)
  if (xml.state === "read") return xml
  const csv = readPart(parts.get("nvidia-csv"), "nvidia-smi", readNvidiaCsv)
  if (csv.state === "read") return csv
  const rocm = readPart(parts.get("rocm"), "rocm-smi", readRocm)
  if (rocm.state === "read") return rocm
  return [xml, csv, rocm].find(({ state }) => state !== "unknown") ?? xml
}

const speedOf = (part: Part | undefined, isAsked: boolean): Speed => {
  if (!isAsked) return "not-asked"
  return (part?.code === 0 ? speedIn(part.text) : null) ?? "not-measured"
}

/** What was measured beside the rest. */
export interface Measures {
  readonly isWriteAsked: boolean
  readonly isDownloadAsked: boolean
}

/** Reads an answer of the script; null where it is not whole. */
export const observationIn = (answer: string, mark: string, asked: Measures): Observation | null => {
  const parts = partsIn(answer, mark)
  if (parts === null) return null
  const text = (name: string) => parts.get(name)?.text ?? ""
  return {
    gpus: gpusIn(parts),
    cores: coresIn(text("cores")),
    memoryMiB: memoryIn(text("memory")),
    disk: diskIn(text("disk")),
    writeSpeed: speedOf(parts.get("write"), asked.isWriteAsked),
    downloadSpeed: speedOf(parts.get("fetch"), asked.isDownloadAsked)
  }
}
