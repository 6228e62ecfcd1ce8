import { canonicalGpu, type Gpu, gpuModels, type Verification } from "@anygpu/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { foundGpu, type GpuReading } from "./gpu-reading.ts"
import { judge } from "./judge.ts"
import type { Observation } from "./observation.ts"

const sold = gpuModels.filter(({ vramGiB }) => vramGiB.length > 0)

/** An offer of the table, and the machine that it promises. */
const honest = fc
  .record({
    row: fc.constantFrom(...sold),
    count: fc.integer({ min: 1, max: 8 }),
    kept: fc.double({ min: 0, max: 0.07, noNaN: true }),
    vcpus: fc.integer({ min: 1, max: 256 }),
    memoryMiB: fc.integer({ min: 1024, max: 2_000_000 })
  })
  .map(({ row, count, kept, vcpus, memoryMiB }) => {
    const vramMiB = (row.vramGiB[0] ?? 0) * 1024
    const offered: Gpu = { ...canonicalGpu(row.model, { vramMiB }), count, vramMiB }
    const card = foundGpu({ names: [row.model], memoryMiB: Math.floor(vramMiB * (1 - kept)), isDivided: false })
    const gpus: GpuReading = {
      ...{ state: "read", gpus: Array.from({ length: count }, () => card), attached: count },
      ...{ driver: "590.44.01", cuda: "13.1", said: "" }
    }
    const observation: Observation = {
      ...{ gpus, cores: vcpus, memoryMiB: Math.floor(memoryMiB * 0.95), disk: null },
      ...{ writeSpeed: "not-asked", downloadSpeed: "not-asked" }
    }
    return { offered, offer: { gpu: offered, vcpus, memoryMiB, diskMiB: null }, observation }
  })

const verdictOf = ({ checks }: Verification, subject: string) =>
  checks.find((check) => check.subject === subject)?.verdict

describe("for every card of the table", () => {
  test("an honest machine is as offered", () => {
    fc.assert(
      fc.property(honest, ({ offer, observation }) => {
        const { outcome, findings } = judge(observation, offer)
        expect([outcome, findings]).toEqual(["as-offered", []])
      })
    )
  })

  test("one card too few, or a quarter less memory, is never as offered", () => {
    fc.assert(
      fc.property(honest, fc.boolean(), ({ offered, offer, observation }, isFewer) => {
        const { gpus: reading } = observation
        if (reading.state !== "read") throw new Error("it was read")
        const [, ...others] = reading.gpus
        const smaller = reading.gpus.map((gpu, index) =>
          index === 0 ? { ...gpu, memoryMiB: Math.floor((offered.vramMiB ?? 0) * 0.75) } : gpu
        )
        const gpus = { ...reading, gpus: isFewer ? others : smaller, attached: null }
        const verification = judge({ ...observation, gpus }, offer)
        expect(verification.outcome).toBe("not-as-offered")
        expect(verdictOf(verification, isFewer ? "gpu-count" : "gpu-memory")).toBe("wrong")
      })
    )
  })

  test("what is not known is never fine", () => {
    fc.assert(
      fc.property(honest, ({ offer, observation }) => {
        const { gpus: reading } = observation
        if (reading.state !== "read") throw new Error("it was read")
        const bare = { ...reading, driver: null, gpus: reading.gpus.map(() => foundGpu({ names: [] })) }
        const { outcome, unknown } = judge({ ...observation, gpus: bare, cores: null, memoryMiB: null }, offer)
        expect(outcome).toBe("unclear")
        expect(unknown.map(({ subject }) => subject)).toEqual([
          ...["gpu-model", "gpu-memory", "gpu-health", "gpu-speed", "gpu-power", "gpu-link", "driver"],
          ...["cores", "memory", "disk"]
        ])
      })
    )
  })

  test("each finding has its sentence, and the gravest comes first", () => {
    const order = ["wrong", "faulty", "slow", "note"]
    fc.assert(
      fc.property(honest, honest, ({ offer }, { observation }) => {
        const { findings } = judge(observation, offer)
        for (const { message } of findings) expect(message).toMatch(/^[A-Z].{10,}/)
        const ranks = findings.map(({ verdict }) => order.indexOf(verdict))
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
      })
    )
  })
})
