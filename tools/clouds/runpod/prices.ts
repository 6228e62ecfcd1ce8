import type { DocumentedPrices } from "../../docs/documented.ts"

/** USD per hour and GPU: of Secure Cloud and of Community Cloud. All but the last are from a third party's transcript. */
const list: ReadonlyArray<readonly [id: string, memory: number, secure: number, community: number]> = [
  ["NVIDIA H100 80GB HBM3", 80, 3.99, 2.69],
  ["NVIDIA H100 PCIe", 80, 2.89, 1.99],
  ["NVIDIA H100 NVL", 94, 3.19, 2.59],
  ["NVIDIA A100 80GB PCIe", 80, 1.79, 1.19],
  ["NVIDIA A100-SXM4-80GB", 80, 1.79, 1.39],
  ["NVIDIA GeForce RTX 4090", 24, 0.44, 0.31]
]

/** Runpod's prices. */
export const prices: DocumentedPrices = {
  cloud: "runpod",
  sources: [
    "Runpod API reference v2, the sample of listGpuTypes (RTX 4090)",
    "H100 and A100 are in no document of Runpod's API: a third party's transcript of https://www.runpod.io/pricing on 2026-11-09"
  ],
  answers: {
    "GET /v2/catalog/gpus": {
      gpus: list.map(([id, memory, secure, community]) => ({
        ...{ id, memory, secure: true, community: true, price: { secure, community } },
        ...{ maxCount: { secure: 8, community: 8 }, availability: "HIGH" },
        dataCenters: [{ id: "US-KS-2", name: "US Kansas 2", availability: "HIGH" }]
      }))
    }
  }
}
