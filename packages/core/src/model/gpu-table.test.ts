import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { named, spelled } from "./gpu-names.test-support.ts"
import { canonicalGpu, gpuModels } from "./gpu-table.ts"

const modelOf = (name: string) => canonicalGpu(name).model

describe("canonicalGpu", () => {
  test.each([
    ["RTX 4090", "RTX 4090"],
    ["RTX_4090", "RTX 4090"],
    ["GeForce RTX 4090", "RTX 4090"],
    ["NVIDIA GeForce RTX 4090", "RTX 4090"],
    ["rtx4090", "RTX 4090"],
    ["RTX A5000", "RTX A5000"],
    ["RTX_3090", "RTX 3090"],
    ["H100 SXM5 80GB", "H100 SXM"],
    ["NVIDIA H100 80GB HBM3", "H100 SXM"],
    ["NVIDIA A100-SXM4-80GB", "A100 SXM4"],
    ["NVIDIA A100 80GB PCIe", "A100 PCIE"],
    ["Tesla V100-SXM2-16GB", "V100 SXM2"],
    ["RTX6000ADA", "RTX 6000 Ada"],
    ["RTX 6000Ada", "RTX 6000 Ada"],
    ["A6000", "RTX A6000"],
    ["Q RTX 6000", "Quadro RTX 6000"],
    ["RTX PRO 6000 WS", "RTX PRO 6000 WS"],
    ["B300", "B300"],
    ["l40", "L40"],
    ["v100", "V100"],
    ["a10", "A10"],
    ["h200", "H200"],
    ["Tesla T4", "T4"],
    ["RTX 4070S", "RTX 4070 SUPER"],
    ["RTX 4070S Ti", "RTX 4070 Ti SUPER"],
    ["NVIDIA GeForce RTX 4070 Laptop GPU", "RTX 4070 Laptop"],
    ["GTX 1080 Ti", "GTX 1080 Ti"],
    ["InstinctMI250X", "MI250X"],
    ["GH200 480GB", "GH200"],
    ["GTX 1060 6GB", "GTX 1060"],
    ["Tesla V100-SXM3-32GB", "V100 SXM3"],
    ["NVIDIA A10 PCIe 24GB", "A10"],
    ["Tesla T4 PCIe", "T4"],
    ["A100 (40 GB SXM4)", "A100 SXM4"],
    ["H100_80GB_SXM", "H100 SXM"],
    ["NVIDIA RTX 4000 SFF Ada Generation", "RTX 4000 SFF Ada"],
    ["NVIDIA B300 SXM6 AC", "B300"],
    ["NVIDIA GH200 Superchip", "GH200"],
    ["DGX Spark", "GB10"],
    ["RTX PRO 6000 WK", "RTX PRO 6000 WS"],
    ["RTX PRO 6000 MaxQ", "RTX PRO 6000 Max-Q"],
    ["NVIDIA A100-SXM4-40GB MIG 1g.5gb", "A100 SXM4 MIG 1g.5gb"],
    ["NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb", "RTX PRO 6000 S MIG 2g.48gb"],
    ["H100 PCIe 1g.10gb+me", "H100 PCIE MIG 1g.10gb+me"]
  ])("%s is %s", (name, model) => {
    expect(canonicalGpu(name)).toMatchObject({ model, known: true })
  })

  test("an interface makes a family the model", () => {
    expect(canonicalGpu("a100", { interface: "sxm" })).toEqual({
      model: "A100 SXM4",
      known: true,
      vendor: "nvidia",
      interface: "sxm",
      vramMiB: null
    })
    expect(canonicalGpu("a100", { interface: "PCIE" }).model).toBe("A100 PCIE")
    expect(canonicalGpu("h100", { interface: "SXM5" }).model).toBe("H100 SXM")
    expect(canonicalGpu("v100", { interface: "sxm" }).model).toBe("V100 SXM2")
    expect(canonicalGpu("A100", { interface: null })).toMatchObject({ model: "A100", interface: null })
    expect(canonicalGpu("h200", { interface: "pcie" })).toMatchObject({ model: "H200", interface: "pcie" })
    expect(canonicalGpu("A100 SXM4", { interface: "pcie" })).toMatchObject({ model: "A100 SXM4", interface: "sxm" })
    expect(canonicalGpu("RTX PRO 6000", { interface: "pcie" }).model).toBe("RTX PRO 6000")
  })

  test("what differs stays different", () => {
    const sixThousands = ["RTX 6000 Ada", "RTX A6000", "Quadro RTX 6000", "RTX PRO 6000"]
    const seventies = ["RTX 4070", "RTX 4070 Ti", "RTX 4070 SUPER", "RTX 4070 Ti SUPER", "RTX 4070 laptop"]
    for (const names of [sixThousands, seventies, ["A100 SXM4", "A100 PCIE", "A100", "A10", "A100X"]]) {
      expect(new Set(names.map(modelOf)).size).toBe(names.length)
    }
  })

  test("an unknown name is kept as written, with the vendor it names", () => {
    expect(canonicalGpu("  Imaginary RTX 9999 ")).toEqual({
      model: "Imaginary RTX 9999",
      known: false,
      vendor: "unknown",
      interface: null,
      vramMiB: null
    })
    expect(canonicalGpu("NVIDIA X1", { interface: "SXM" })).toMatchObject({ vendor: "nvidia", interface: "sxm" })
    for (const near of ["RTX 4900", "RTX 4090+", "4090", "AMD RTX 4090", "NVIDIA RX 7600", "A1001", "RTX 6000", ""]) {
      expect(canonicalGpu(near)).toMatchObject({ model: near, known: false })
    }
  })

  test.each(
    `GTX 750, GTX 950, GTX 960, GTX 1630, RTX 3050 Ti, RTX A400, RTX A1000, Tesla K40, Tesla M10, CMP 30HX, CMP 40HX, CMP
     70HX, CMP 90HX, P102-100, B200 NVL, GB200, MI25, MI308X, RX 6700 XT, Arc A750, Arc Pro B60, Gaudi, Gaudi 2`.split(
      /,\s+/
    )
  )("knows what public boards list: %s", (name) => {
    const clean = name.replace(/\s+/g, " ")
    expect(canonicalGpu(clean).known, clean).toBe(true)
  })

  test("memory that stands in the name is the card's, where the cloud gives none", () => {
    expect(canonicalGpu("GTX 1060 6GB").vramMiB).toBe(6 * 1024)
    expect(canonicalGpu("H100 MIG 1g.10gb").vramMiB).toBe(10 * 1024)
    expect(canonicalGpu("GTX 1060 6GB", { vramMiB: 6078 }).vramMiB).toBe(6078)
    expect(canonicalGpu("GTX 1060").vramMiB).toBeNull()
  })

  test("an interface at the end that is another one's makes no other card", () => {
    for (const name of ["RTX 4090 SXM5", "V100 SXM3 NVL"]) expect(canonicalGpu(name).known).toBe(false)
  })

  test("a slice of a card is no card, and a slice of nothing known is nothing known", () => {
    expect(canonicalGpu("A100 SXM4").model).not.toBe(canonicalGpu("A100 SXM4 MIG 3g.20gb").model)
    expect(canonicalGpu("Imaginary MIG 1g.5gb")).toMatchObject({ model: "Imaginary MIG 1g.5gb", known: false })
  })

  test("memory decides where one name was sold in several generations, if it can", () => {
    const bySize = (gib: number) => canonicalGpu("RTX 6000", { vramMiB: gib * 1024 - 12 }).model
    expect([24, 48, 96, 80].map(bySize)).toEqual(["Quadro RTX 6000", "RTX 6000", "RTX PRO 6000", "RTX 6000"])
    expect(modelOf("RTX 5000 32GB")).toBe("RTX 5000 Ada")
  })

  test("is idempotent", () => {
    const hints = fc.record({
      interface: fc.constantFrom(null, "sxm", "PCIe", "nvl", "odd"),
      vramMiB: fc.option(fc.nat(200_000))
    })
    const names = fc.oneof(
      fc.string(),
      spelled.map(({ text }) => text)
    )
    fc.assert(
      fc.property(names, hints, (name, hint) => {
        const { model, known } = canonicalGpu(name, hint)
        expect(canonicalGpu(model)).toMatchObject({ model, known })
        expect(canonicalGpu(model, hint).model).toBe(model)
      })
    )
  })
})

describe("the table", () => {
  test("no name belongs to two rows", () => {
    for (const { row, name } of named) expect(`${name}: ${modelOf(name)}`).toBe(`${name}: ${row.model}`)
  })

  test("every name leads to its row in any spelling", () => {
    fc.assert(
      fc.property(spelled, ({ row, text }) => {
        expect(canonicalGpu(text)).toMatchObject({ model: row.model, known: true, vendor: row.vendor })
      }),
      { numRuns: 3000 }
    )
  })

  test("every family has its row, and memory is whole GiB", () => {
    for (const { family, vramGiB } of gpuModels) {
      if (family !== null) expect(gpuModels.some(({ model }) => model === family)).toBe(true)
      expect(vramGiB.every((gib) => Number.isInteger(gib) && gib > 0)).toBe(true)
    }
  })
})
