import { documentedCloud, type WordRow } from "@anygpu/conformance"

interface Words {
  readonly gpu_model: string
  readonly gpu_vram_gb: number
  readonly price_per_hr: number | string
  readonly region: string | { readonly code: string; readonly name: string; readonly country_code: string }
}

const inCode: WordRow<Words>[1] = { unknown: "it stands as a code alone, and nothing is read out of a code" }

/** What Huddle01's documents name. */
export const documented = documentedCloud<Words>({
  sources: [
    "Huddle01 API reference, samples of list GPUs and of deployments",
    "Huddle01 docs, guides on GPU offers, deployments and volumes"
  ],
  usual: { gpu_model: "H100", gpu_vram_gb: 80, price_per_hr: 1.71, region: "FIN-01" },
  gpus: [
    [{ gpu_model: "H100", gpu_vram_gb: 80 }, "H100"],
    [{ gpu_model: "H200", gpu_vram_gb: 141 }, "H200"],
    [{ gpu_model: "A100", gpu_vram_gb: 80 }, "A100"]
  ],
  places: [
    [{ region: { code: "FIN-03", name: "Finland 3", country_code: "FI" } }, "FI"],
    [{ region: "FIN-01" }, inCode],
    [{ region: "FIN-03" }, inCode]
  ],
  prices: {
    hour: [
      [{ price_per_hr: 1.71 }, "$1.71"],
      [{ price_per_hr: 32 }, "$32.00"],
      [{ price_per_hr: 2.29 }, "$2.29"],
      [{ price_per_hr: 0.965 }, "$0.965"],
      // Its upstream writes prices as texts.
      [{ price_per_hr: "2.29" }, "$2.29"]
    ]
  },
  answers: ({ region, ...words }) => ({
    "GET /api/v1/gpus/available": {
      code: "OK",
      data: [
        {
          ...{ instance_type: "documented", gpu_count: 1, vcpu_count: 30, ram_gb: 120, storage_gb: 200 },
          ...{ currency: "USD", is_available: true, regions: [region] },
          ...words
        }
      ],
      meta: { total: 1, has_more: false }
    }
  })
})
