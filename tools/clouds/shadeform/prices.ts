import type { DocumentedPrices } from "../../docs/documented.ts"

/** Shadeform's prices: of one of the clouds behind it. */
export const prices: DocumentedPrices = {
  cloud: "shadeform",
  sources: ["Shadeform API reference, instance types: the example (RTX A6000 of Massed Compute)"],
  answers: {
    "GET /v1/instances/types": {
      instance_types: [
        {
          ...{ cloud: "massedcompute", shade_instance_type: "A6000", cloud_instance_type: "gpu_1x_a6000" },
          configuration: {
            ...{ memory_in_gb: 48, storage_in_gb: 256, vcpus: 6, num_gpus: 1, gpu_type: "A6000" },
            ...{ interconnect: "pcie", nvlink: false, os_options: ["ubuntu22.04_cuda12.6_shade_os"] },
            ...{ vram_per_gpu_in_gb: 48, gpu_manufacturer: "nvidia" }
          },
          hourly_price: 57,
          availability: [
            {
              ...{ region: "kansascity-usa-1", available: true, display_name: "US, Kansas City, KS" },
              rental_type: "on_demand"
            }
          ],
          ...{ boot_time: { min_boot_in_sec: 300, max_boot_in_sec: 600 }, deployment_type: "vm" }
        }
      ]
    }
  }
}
