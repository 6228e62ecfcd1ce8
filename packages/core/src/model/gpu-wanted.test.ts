import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { spelled } from "./gpu-names.test-support.ts"
import { canonicalGpu } from "./gpu-table.ts"
import { matchGpu, nearestGpus, parseGpu, unknownGpuHint } from "./gpu-wanted.ts"

const problemOf = (wanted: string) => {
  const result = parseGpu(wanted)
  return Result.isFailure(result) ? result.failure.issues : []
}

describe("what a wanted name covers", () => {
  test("a family covers its variants, a variant only itself", () => {
    expect(matchGpu("A100")).toEqual(Result.succeed(["A100", "A100 SXM4", "A100 PCIE"]))
    expect(matchGpu("a100-sxm4")).toEqual(Result.succeed(["A100 SXM4"]))
    expect(matchGpu("rtx 4070")).toEqual(Result.succeed(["RTX 4070"]))
  })

  test.each([
    ["4090", "RTX 4090"],
    ["3060 Ti", "RTX 3060 Ti"],
    [" 1080", "GTX 1080"],
    ["1660 Super", "GTX 1660 SUPER"],
    ["4090 24GB", "RTX 4090"],
    ["6000 Ada", "RTX 6000 Ada"]
  ])("what is wanted by its number alone is found: %s", (name, model) => {
    expect(Result.map(parseGpu(name), ({ models }) => models)).toEqual(Result.succeed([model]))
  })

  test.each(["4000", "5000", "6000"])("a number of several cards is not: %s", (name) => {
    expect(problemOf(name)).toMatchObject([{ path: "gpu" }])
  })

  test.each(["A100-80GB", "A100 80GB", "a100_80gib", "A100-80Gi", "NVIDIA A100 80 GB"])(
    "%s asks for memory",
    (name) => {
      expect(parseGpu(name)).toEqual(Result.succeed({ models: ["A100", "A100 SXM4", "A100 PCIE"], vramMiB: 80 * 1024 }))
    }
  )

  test("memory and model together", () => {
    expect(parseGpu("H100 SXM5 80GB")).toEqual(Result.succeed({ models: ["H100 SXM"], vramMiB: 81_920 }))
    expect(parseGpu("H100-80GB")).toMatchObject({ success: { models: ["H100", "H100 SXM", "H100 PCIE", "H100 NVL"] } })
    expect(parseGpu("GH200 480GB")).toEqual(Result.succeed({ models: ["GH200"] }))
  })

  test("a name that nobody knows is passed on as it is, with the nearest known ones", () => {
    expect(parseGpu(" RTX 4900 ")).toMatchObject({
      success: { models: ["RTX 4900"], unknown: ["RTX 4090", expect.any(String), expect.any(String)] }
    })
    expect(Result.getOrThrow(parseGpu("RTX 4090"))).not.toHaveProperty("unknown")
    expect(problemOf(" - ")).toEqual([{ path: "gpu", problem: "is empty: name a GPU, or leave it out" }])
    expect(problemOf("")).toHaveLength(1)
  })

  test("a hint names what nobody knows, and nothing else", () => {
    expect(unknownGpuHint(["RTX 4900", "H100"])).toMatch(
      /^"RTX 4900" is not a GPU that anygpu knows; did you mean "RTX 4090", ".+", ".+"\?$/
    )
    for (const name of ["8x H100", "A100-80GB", undefined, ["RTX 6000"]]) expect(unknownGpuHint(name)).toBeNull()
  })

  test.each(["8x H100", "8 x h100", "8× H100", "8xH100", "H100 x8", "H100x8", "H100:8", "h100_8x"])(
    "%s is a count and a name",
    (name) => {
      expect(parseGpu(name)).toEqual(
        Result.succeed({ models: ["H100", "H100 SXM", "H100 PCIE", "H100 NVL"], count: 8 })
      )
    }
  )

  test("a count goes with memory and with names that nobody knows; a name that ends in x has none", () => {
    expect(parseGpu("2x A100 80GB")).toMatchObject({ success: { count: 2, vramMiB: 81_920 } })
    expect(parseGpu("4x Imaginary 9999")).toMatchObject({ success: { count: 4, models: ["Imaginary 9999"] } })
    for (const name of ["Titan X", "MI300X", "RX 580", "GTX 970"])
      expect(Result.getOrThrow(parseGpu(name))).not.toHaveProperty("count")
    expect(parseGpu("0x H100")).toMatchObject({ success: { models: ["0x H100"] } })
  })

  test("a slice is asked for by its name, and no card is served for it", () => {
    expect(Result.getOrThrow(parseGpu("A100 SXM4 MIG 1g.5gb")).models).toEqual(["A100 SXM4 MIG 1g.5gb"])
    expect(Result.getOrThrow(matchGpu("A100"))).not.toContain("A100 SXM4 MIG 1g.5gb")
  })

  test("a name of several generations asks which", () => {
    for (const name of ["RTX 6000", "rtx_6000", "RTX 6000 48GB"]) {
      expect(problemOf(name)[0]?.problem).toContain('say which: "Quadro RTX 6000", "RTX A6000", "RTX 6000 Ada"')
    }
  })

  test("what an offer is called is what a filter of that name covers", () => {
    fc.assert(
      fc.property(spelled, ({ text }) => {
        const { model } = canonicalGpu(text)
        expect(Result.getOrThrow(matchGpu(text))).toContain(model)
      })
    )
  })
})

test("nearestGpus answers as many as asked, nearest first", () => {
  expect(nearestGpus("RTX 4900", 1)).toEqual(["RTX 4090"])
  expect(nearestGpus("H1OO", 2)).toContain("H100")
  expect(nearestGpus("x", 5)).toHaveLength(5)
  expect(nearestGpus("x".repeat(100_000), 1)).toHaveLength(1)
})

test("a part of a name suggests the cards that have it, the shortest name first", () => {
  expect(nearestGpus("4090", 1)).toEqual(["RTX 4090"])
  expect(nearestGpus("5090", 1)).toEqual(["RTX 5090"])
})
