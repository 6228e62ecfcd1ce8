import type { DocumentedPrices } from "../../docs/documented.ts"

const common = { currency: "USD", is_available: true, regions: ["FIN-01", "FIN-03"] }

/** Huddle01's prices. */
export const prices: DocumentedPrices = {
  cloud: "huddle",
  sources: ["Huddle01 docs, guide on GPU offers (H100)", "Huddle01 API reference, list GPUs (H200)"],
  answers: {
    "GET /api/v1/gpus/available": {
      code: "OK",
      data: [
        {
          ...{ ...common, gpu_model: "H100", instance_type: "1H100.80S.30V", gpu_count: 1, gpu_vram_gb: 80 },
          ...{ total_vram_gb: 80, vcpu_count: 30, ram_gb: 120, storage_gb: 200, price_per_hr: 1.71 }
        },
        {
          ...{ ...common, gpu_model: "H200", instance_type: "8H200.141G", gpu_count: 8, gpu_vram_gb: 141 },
          ...{ total_vram_gb: 1128, vcpu_count: 208, ram_gb: 1800, storage_gb: 27_000, price_per_hr: 32 }
        }
      ],
      meta: { total: 2, has_more: false }
    }
  }
}
