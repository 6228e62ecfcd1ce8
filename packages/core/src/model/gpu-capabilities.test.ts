import { expect, test } from "vitest"
import { computeCapabilityOf } from "./gpu-capabilities.ts"
import { canonicalGpu, gpuModels } from "./gpu-table.ts"

const of = (name: string) => computeCapabilityOf(canonicalGpu(name))

test.each([
  ["GeForce RTX 4090", "8.9"],
  ["H100 SXM5", "9.0"],
  ["H100 MIG 1g.10gb", "9.0"],
  ["A100 PCIE 40GB", "8.0"],
  ["RTX 3080 Laptop GPU", "8.6"],
  ["RTX PRO 6000 Server Edition", "12.0"],
  ["B300 SXM6 AC", "10.3"],
  ["Tesla T4", "7.5"],
  ["MI300X", null],
  ["CMP 170HX", null],
  ["Imaginary 9999", null]
])("the compute capability of %s is %s", (name, version) => {
  expect(of(name)).toBe(version)
})

test("every model of NVIDIA has one, but for cards that NVIDIA lists nowhere", () => {
  const without = gpuModels.filter((gpu) => gpu.vendor === "nvidia" && of(gpu.model) === null).map(({ model }) => model)
  expect(without.filter((model) => !/^(CMP |P10\d-)/.test(model))).toEqual(["RTX 5090 Ti", "RTX 4090 Ti"])
})

test("no model of another maker has one", () => {
  expect(gpuModels.filter((gpu) => gpu.vendor !== "nvidia" && of(gpu.model) !== null)).toEqual([])
})
