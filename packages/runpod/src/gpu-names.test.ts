import { canonicalGpu } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { placeOf } from "./places.ts"

/** Ids and GB as Runpod's documents have them. Source: Runpod docs, references/gpu-types; below, the older ids of REST API v1. */
const gpus: ReadonlyArray<readonly [id: string, gb: number | null, model: string]> = [
  ["AMD Instinct MI300X OAM", 192, "MI300X"],
  ["NVIDIA A100 80GB PCIe", 80, "A100 PCIE"],
  ["NVIDIA A100-SXM4-80GB", 80, "A100 SXM4"],
  ["NVIDIA A30", 24, "A30"],
  ["NVIDIA A40", 48, "A40"],
  ["NVIDIA B200", 180, "B200"],
  ["NVIDIA B300 SXM6 AC", 288, "B300"],
  ["NVIDIA GeForce RTX 3070", 8, "RTX 3070"],
  ["NVIDIA GeForce RTX 3080", 10, "RTX 3080"],
  ["NVIDIA GeForce RTX 3080 Ti", 12, "RTX 3080 Ti"],
  ["NVIDIA GeForce RTX 3090", 24, "RTX 3090"],
  ["NVIDIA GeForce RTX 3090 Ti", 24, "RTX 3090 Ti"],
  ["NVIDIA GeForce RTX 4070 Ti", 12, "RTX 4070 Ti"],
  ["NVIDIA GeForce RTX 4080", 16, "RTX 4080"],
  ["NVIDIA GeForce RTX 4080 SUPER", 16, "RTX 4080 SUPER"],
  ["NVIDIA GeForce RTX 4090", 24, "RTX 4090"],
  ["NVIDIA GeForce RTX 5080", 16, "RTX 5080"],
  ["NVIDIA GeForce RTX 5090", 32, "RTX 5090"],
  ["NVIDIA H100 80GB HBM3", 80, "H100 SXM"],
  ["NVIDIA H100 NVL", 94, "H100 NVL"],
  ["NVIDIA H100 PCIe", 80, "H100 PCIE"],
  ["NVIDIA H200", 141, "H200"],
  ["NVIDIA H200 NVL", 143, "H200 NVL"],
  ["NVIDIA L4", 24, "L4"],
  ["NVIDIA L40", 48, "L40"],
  ["NVIDIA L40S", 48, "L40S"],
  ["NVIDIA RTX 2000 Ada Generation", 16, "RTX 2000 Ada"],
  ["NVIDIA RTX 4000 Ada Generation", 20, "RTX 4000 Ada"],
  ["NVIDIA RTX 4000 SFF Ada Generation", 20, "RTX 4000 SFF Ada"],
  ["NVIDIA RTX 5000 Ada Generation", 32, "RTX 5000 Ada"],
  ["NVIDIA RTX 6000 Ada Generation", 48, "RTX 6000 Ada"],
  ["NVIDIA RTX A2000", 6, "RTX A2000"],
  ["NVIDIA RTX A4000", 16, "RTX A4000"],
  ["NVIDIA RTX A4500", 20, "RTX A4500"],
  ["NVIDIA RTX A5000", 24, "RTX A5000"],
  ["NVIDIA RTX A6000", 48, "RTX A6000"],
  ["NVIDIA RTX PRO 4500 Blackwell", 32, "RTX PRO 4500"],
  ["NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", 96, "RTX PRO 6000 Max-Q"],
  ["NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb", 24, "RTX PRO 6000 S MIG 1g.24gb"],
  ["NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb", 48, "RTX PRO 6000 S MIG 2g.48gb"],
  ["NVIDIA RTX PRO 6000 Blackwell Server Edition", 96, "RTX PRO 6000 S"],
  ["NVIDIA RTX PRO 6000 Blackwell Workstation Edition", 96, "RTX PRO 6000 WS"],
  ["Tesla V100-PCIE-16GB", 16, "V100 PCIE"],
  ["Tesla V100-SXM2-16GB", 16, "V100 SXM2"],
  ["Tesla V100-SXM2-32GB", 32, "V100 SXM2"],
  ["Tesla V100-FHHL-16GB", null, "V100 FHHL"],
  ["Tesla V100-PCIE-32GB", null, "V100 PCIE"],
  ["Tesla T4", null, "T4"],
  ["NVIDIA  RTX A4500", null, "RTX A4500"],
  ["NVIDIA  A30", null, "A30"],
  ["NVIDIA GeForce RTX 3080TI", null, "RTX 3080 Ti"],
  ["NVIDIA RTX A30", null, "A30"],
  ["NVIDIA RTX PRO 5000 Blackwell", null, "RTX PRO 5000"],
  ["NVIDIA B300 SXM6 AC MIG 1g.34gb", null, "B300 MIG 1g.34gb"]
]

test.each(gpus)("%s is known", (id, gb, model) => {
  const gpu = canonicalGpu(id, { vramMiB: gb === null ? null : gb * 1024 })
  expect(gpu).toMatchObject({ known: true, model, vendor: id.startsWith("AMD") ? "amd" : "nvidia" })
  if (gb !== null) expect(gpu.vramMiB).toBe(gb * 1024)
})

test("an older id that is the name of no card stays as it is", () => {
  expect(canonicalGpu("NVIDIA A5000 Ada")).toMatchObject({ known: false, model: "NVIDIA A5000 Ada" })
})

/** Source: Runpod's REST API v1, enumeration of data centres; Runpod docs, storage/s3-api. */
const centers = {
  JP: "AP-JP-1",
  CA: "CA-MTL-1 CA-MTL-2 CA-MTL-3",
  ...{ CZ: "EU-CZ-1", FR: "EU-FR-1", NL: "EU-NL-1", RO: "EU-RO-1", SE: "EU-SE-1", NO: "EUR-NO-1", AU: "OC-AU-1" },
  IS: "EUR-IS-1 EUR-IS-2 EUR-IS-3",
  US: "US-CA-2 US-DE-1 US-GA-1 US-GA-2 US-IL-1 US-KS-2 US-KS-3 US-NC-1 US-TX-1 US-TX-3 US-TX-4 US-WA-1 US-MD-1 US-MO-1 US-MO-2 US-NC-2 US-NE-1"
}

describe("data centres", () => {
  test.each(Object.entries(centers))("those of %s", (country, ids) => {
    for (const id of ids.split(" ")) expect(placeOf(id)).toEqual({ country, region: id, native: id })
  })

  test("one that no document lists has no country, whatever its letters", () => {
    expect(placeOf("US-XX-9", "US Nowhere 9")).toEqual({ country: null, region: "US-XX-9", native: "US Nowhere 9" })
  })
})
