import search from "../../../packages/vast/src/fixtures/search.json" with { type: "json" }
import type { DocumentedPrices } from "../../docs/documented.ts"

const [row] = search.offers

/** Vast.ai is a market and has no list: the prices are those of the instance in its reference, in the form of an offer. */
export const prices: DocumentedPrices = {
  cloud: "vast",
  sources: ["Vast.ai API reference, show instances: the example, an RTX 4090"],
  answers: {
    "POST /api/v0/bundles/": {
      offers: [
        {
          ...{ ...row, gpu_name: "RTX 4090", num_gpus: 1, gpu_ram: 24_576, gpu_total_ram: 24_576, gpu_frac: 1 },
          ...{ dph_base: 0.8, dph_total: 0.8021, storage_cost: 0.15, storage_total_cost: 0.0021, min_bid: 0.296 },
          ...{ inet_up_cost: 0.00456, inet_down_cost: 0.00123, geolocation: "California, US", disk_space: 1000 }
        }
      ]
    }
  }
}
