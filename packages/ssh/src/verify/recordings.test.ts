import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { canonicalGpu } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { GpuReading } from "./gpu-reading.ts"
import { readNvidiaCsv } from "./nvidia-csv.ts"
import { readNvidiaXml } from "./nvidia-xml.ts"
import { readRocm } from "./rocm.ts"

const fixtures = new URL("fixtures/", import.meta.url)
const readers = { "nvidia-xml": readNvidiaXml, "nvidia-csv": readNvidiaCsv, rocm: readRocm } as const

interface Recording {
  readonly name: string
  readonly text: string
  readonly read: (text: string) => GpuReading
}

const recordings: ReadonlyArray<Recording> = Object.entries(readers).flatMap(([folder, read]) =>
  readdirSync(new URL(folder, fixtures)).map((file) => ({
    name: `${folder}/${file}`,
    text: readFileSync(new URL(`${folder}/${file}`, fixtures), "utf8"),
    read
  }))
)

/** Model, count, memory in MiB, driver. */
type Facts = readonly [model: string, count: number, memoryMiB: number, driver: string | null]

const facts: Readonly<Record<string, Facts>> = {
  "nvidia-xml/a100-sxm4-v12.xml": ["A100 SXM4", 1, 81_920, "535.54.03"],
  "nvidia-xml/a10g.xml": ["A10G", 1, 23_028, "515.105.01"],
  "nvidia-xml/grid-p4-1q-v11.xml": ["GRID P4-1Q", 1, 1024, "513.46"],
  "nvidia-xml/gtx-1070-ti.xml": ["GTX 1070 Ti", 1, 4096, null],
  "nvidia-xml/gtx-1660-ti.xml": ["Graphics Device", 1, 5912, "418.43"],
  "nvidia-xml/quadro-p2000-v12.xml": ["Quadro P2000", 1, 5120, "525.125.06"],
  "nvidia-xml/quadro-p400.xml": ["Quadro P400", 1, 1998, "418.43"],
  "nvidia-xml/rtx-3060-v12.xml": ["RTX 3060", 1, 12_288, "570.124.04"],
  "nvidia-xml/rtx-3080-v12.xml": ["RTX 3080", 1, 10_240, "536.40"],
  "nvidia-xml/rtx-3080-v13.xml": ["RTX 3080", 1, 10_240, "595.58.03"],
  "nvidia-xml/rtx-3090-v12.xml": ["RTX 3090", 1, 24_576, "525.147.05"],
  "nvidia-xml/rtx-4000-sff-ada-v13.xml": ["RTX 4000 SFF Ada", 1, 20_475, "595.84"],
  "nvidia-xml/rtx-pro-6000-maxq-v13.xml": ["RTX PRO 6000 Max-Q", 1, 97_887, "590.44.01"],
  "nvidia-xml/tesla-t4.xml": ["T4", 1, 15_360, "515.105.01"],
  "nvidia-csv/linux-geforce-rtx-2080-super-595.71.05-idle.csv": ["RTX 2080 SUPER", 1, 8192, "595.71.05"],
  "nvidia-csv/linux-geforce-rtx-2080-super-595.71.05-load.csv": ["RTX 2080 SUPER", 1, 8192, "595.71.05"],
  "nvidia-csv/linux-geforce-rtx-2080-super-610.57.04-idle.csv": ["RTX 2080 SUPER", 1, 8192, "610.57.04"],
  "nvidia-csv/linux-geforce-rtx-2080-super-610.57.04-load.csv": ["RTX 2080 SUPER", 1, 8192, "610.57.04"],
  "nvidia-csv/linux-geforce-rtx-4080-super-595.71.05-idle.csv": ["RTX 4080 SUPER", 1, 16_376, "595.71.05"],
  "nvidia-csv/linux-geforce-rtx-4080-super-595.71.05-load.csv": ["RTX 4080 SUPER", 1, 16_376, "595.71.05"],
  "nvidia-csv/linux-h100-80gb-hbm3-590.48.01-idle.csv": ["H100 SXM", 1, 81_559, "590.48.01"],
  "nvidia-csv/linux-h100-80gb-hbm3-590.48.01-load.csv": ["H100 SXM", 1, 81_559, "590.48.01"],
  "nvidia-csv/linux-h100-mig-590.48.01-idle.csv": ["H100 SXM", 1, 81_559, "590.48.01"],
  "nvidia-csv/linux-h100-mig-590.48.01-load.csv": ["H100 SXM", 1, 81_559, "590.48.01"],
  "nvidia-csv/linux-h200-590.48.01-idle.csv": ["H200", 1, 143_771, "590.48.01"],
  "nvidia-csv/linux-h200-590.48.01-load.csv": ["H200", 1, 143_771, "590.48.01"],
  "nvidia-csv/linux-h200-mig-590.48.01-idle.csv": ["H200", 1, 143_771, "590.48.01"],
  "nvidia-csv/linux-h200-mig-590.48.01-load.csv": ["H200", 1, 143_771, "590.48.01"],
  "nvidia-csv/linux-l40s-595.80-idle.csv": ["L40S", 1, 46_068, "595.80"],
  "nvidia-csv/linux-l40s-595.80-load.csv": ["L40S", 1, 46_068, "595.80"],
  "nvidia-csv/windows-geforce-rtx-2080-super-591.86-idle.csv": ["RTX 2080 SUPER", 1, 8192, "591.86"],
  "nvidia-csv/windows-geforce-rtx-2080-super-591.86-load.csv": ["RTX 2080 SUPER", 1, 8192, "591.86"],
  "nvidia-csv/windows-geforce-rtx-2080-super-610.62-idle.csv": ["RTX 2080 SUPER", 1, 8192, "610.62"],
  "nvidia-csv/windows-geforce-rtx-2080-super-610.62-load.csv": ["RTX 2080 SUPER", 1, 8192, "610.62"],
  "rocm/mi100_rocm571.json": ["MI100", 6, 32_752, "6.2.4"],
  "rocm/mi100_rocm602.json": ["MI100", 4, 32_752, "6.3.6"],
  "rocm/rx6700xt_rocm430.json": ["", 1, 12_272, "6.3.6"],
  "rocm/rx6700xt_rocm571.json": ["RX 6700 or RX 6700 XT or Radeon RX 6800M", 1, 12_272, "6.3.6"],
  "rocm/rx6700xt_rocm602.json": ["RX 6700 or RX 6700 XT or Radeon RX 6800M", 1, 12_272, "6.3.6"],
  "rocm/rx6700xt_rocm612.json": ["RX 6700 or RX 6700 XT or Radeon RX 6800M", 1, 12_272, "6.3.6"],
  "rocm/vega-10-XT.json": ["", 1, 16_368, "5.9.25"],
  "rocm/vega-20-WKS-GL-XE.json": ["MI50", 1, 32_752, "5.9.17"]
}

/** The lengths at which a text is cut: all of them, or so many. */
const cuts = (text: string, most = Number.POSITIVE_INFINITY): ReadonlyArray<number> => {
  const whole = text.trimEnd().length
  const step = Math.max(1, Math.floor(whole / most))
  return Array.from({ length: Math.ceil(whole / step) }, (_, index) => index * step)
}

/** The cuts of which something was read. */
const misread = ({ text, read }: Recording, most?: number): ReadonlyArray<number> =>
  cuts(text, most).filter((length) => read(text.slice(0, length)).state !== "unknown")

describe("recordings", () => {
  test("are all known by name", () => {
    expect(recordings.map(({ name }) => name).toSorted()).toEqual(Object.keys(facts).toSorted())
    expect(recordings.length).toBeGreaterThanOrEqual(30)
  })

  test.each(recordings)("$name is read", ({ name, text, read }) => {
    const reading = read(text)
    if (reading.state !== "read") throw new Error(reading.said)
    const { gpus, driver } = reading
    for (const { names, memoryMiB } of gpus) {
      const models = names.map((one) => canonicalGpu(one, { vramMiB: memoryMiB }).model)
      expect([models.join(" or "), gpus.length, memoryMiB, driver]).toEqual(facts[name])
    }
  })

  test.each(recordings)("$name is refused wherever it is cut", (recording) => {
    expect(misread(recording)).toEqual([])
  })
})

describe("what recordings show", () => {
  const gpuOf = (name: string) => {
    const recording = recordings.find((one) => one.name === name)
    const reading = recording?.read(recording.text)
    if (reading?.state !== "read") throw new Error(`${name} is not read`)
    return reading.gpus[0]
  }

  test("slices of a card", () => {
    const { isDivided, slices } = gpuOf("nvidia-xml/a100-sxm4-v12.xml") ?? {}
    expect([isDivided, slices?.map(({ memoryMiB }) => memoryMiB)]).toEqual([true, [19_968, 19_968, 19_968, 19_968]])
    expect(gpuOf("nvidia-csv/linux-h200-mig-590.48.01-idle.csv")).toMatchObject({ isDivided: true, slices: null })
    expect(gpuOf("nvidia-csv/linux-h200-590.48.01-idle.csv")).toMatchObject({ isDivided: false })
  })

  test("a limit of power, and a card that idles on a slow link", () => {
    expect(gpuOf("nvidia-xml/rtx-3090-v12.xml")).toMatchObject({
      ...{ powerLimit: 200, usualPowerLimit: 350, generation: 1, highestGeneration: 4, lanes: 16, slowdowns: [] }
    })
    expect(gpuOf("nvidia-xml/tesla-t4.xml")).toMatchObject({ lanes: 8, mostLanes: 16, newEccErrors: 0 })
  })

  test("that a virtual card tells nearly nothing", () => {
    expect(gpuOf("nvidia-xml/grid-p4-1q-v11.xml")).toMatchObject({
      ...{ slowdowns: null, newEccErrors: null, powerLimit: null, lanes: null, isDivided: null }
    })
  })
})

/** The tables in a capture of every command: each follows the line of its command. */
const tablesIn = (capture: string): ReadonlyArray<string> =>
  Array.from(
    capture.matchAll(/^# \$ nvidia-smi --query-gpu=.*\n#+\n([\s\S]*?\n)\n*(?=#{80}|$(?![\s\S]))/gm),
    ([, table = ""]) => table
  )

const wholeRecordings = (folder: string): ReadonlyArray<Recording> =>
  readdirSync(folder).flatMap((name): ReadonlyArray<Recording> => {
    const text = readFileSync(join(folder, name), "utf8")
    if (name.endsWith(".xml")) return [{ name, text, read: readNvidiaXml }]
    if (name.endsWith(".json")) return [{ name, text, read: readRocm }]
    const tables = name.endsWith(".txt") ? tablesIn(text.replace(/\r\n/g, "\n")) : []
    return tables.map((table, index) => ({ name: `${name} ${index + 1}`, text: table, read: readNvidiaCsv }))
  })

const whole = process.env["ANYGPU_RECORDINGS"]

test.skipIf(whole === undefined)(
  "whole recordings are read, and refused wherever they are cut",
  () => {
    const all = wholeRecordings(whole ?? "")
    expect(all.length).toBeGreaterThan(0)
    for (const recording of all) {
      expect([recording.name, recording.read(recording.text).state, misread(recording, 200)]).toEqual([
        ...[recording.name, "read", []]
      ])
    }
  },
  120_000
)
