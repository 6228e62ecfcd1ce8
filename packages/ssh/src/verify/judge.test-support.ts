import { readFileSync } from "node:fs"
import { type CheckSubject, canonicalGpu, type Gpu } from "@anygpu/core"
import { type FoundGpu, foundGpu, type GpuReading, type GpusRead } from "./gpu-reading.ts"
import { judge, type OfferFacts } from "./judge.ts"
import type { Observation } from "./observation.ts"

export const gpu = (model: string, count: number, vramGiB: number | null): Gpu => {
  const vramMiB = vramGiB === null ? null : vramGiB * 1024
  return { ...canonicalGpu(model, { vramMiB }), count, vramMiB }
}

/** What was rented, beside its GPUs: 8 cores, 64 GiB of memory, 100 GiB of disk. */
export const offer = (one: Gpu | null, more: Partial<OfferFacts> = {}): OfferFacts => ({
  ...{ gpu: one, vcpus: 8, memoryMiB: 65_536, diskMiB: 102_400 },
  ...more
})

export const observation = (gpus: GpuReading, more: Partial<Observation> = {}): Observation => ({
  gpus,
  cores: 8,
  memoryMiB: 63_000,
  disk: { sizeMiB: 98_000, freeMiB: 90_000, elsewhereMiB: 0, mounts: [] },
  writeSpeed: "not-asked",
  downloadSpeed: "not-asked",
  ...more
})

export const read = (gpus: ReadonlyArray<FoundGpu>, more: Partial<GpusRead> = {}): GpusRead => ({
  ...{ state: "read", gpus, attached: gpus.length, driver: "590.44.01", cuda: "13.1", said: "" },
  ...more
})

export const fine = (name: string, memoryMiB: number, more: Partial<FoundGpu> = {}): FoundGpu =>
  foundGpu({ names: [name], memoryMiB, isDivided: false, newEccErrors: 0, allEccErrors: 0, slowdowns: [], ...more })

export const rtx4090 = fine("NVIDIA GeForce RTX 4090", 24_564)

export const recording = (path: string): string => readFileSync(new URL(`fixtures/${path}`, import.meta.url), "utf8")

/** The findings of a machine, as `subject verdict`, and the outcome. */
export const found = (gpus: GpuReading, one: Gpu | null, more: Partial<Observation> = {}) => {
  const { findings, outcome } = judge(observation(gpus, more), offer(one))
  return [outcome, ...findings.map(({ subject, verdict }) => `${subject} ${verdict}`)]
}

export const checkOf = (subject: CheckSubject, gpus: GpuReading, one: Gpu) =>
  judge(observation(gpus), offer(one)).checks.find((check) => check.subject === subject)
