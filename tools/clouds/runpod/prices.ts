import type { DocumentedPrices } from "../../docs/documented.ts"

/** USD per hour and GPU: of Secure Cloud and of Community Cloud. */
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
    "https://www.runpod.io/pricing as read on 2026-11-09 (H100, A100)",
    "Runpod API reference v2, the sample of listGpuTypes (RTX 4090)"
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
