import type { DocumentedPrices } from "../../docs/documented.ts"

const plan = (model: string, vram: string, hour: number) => ({
  plan: {
    ...{ id: `plan-${model}`, name: `${model}-sxm-1gpu` },
    supply: {
      ...{ vcpu: { count: 16 }, memory: { count: 128, units: "Gi" }, storage: { count: 120, units: "Gi" } },
      gpu_count: 1
    },
    gpu_model: { vendor: "nvidia", model, vram, interface: "SXM" },
    pricing: { hour, upfront_hours: 3, currency: "USDC" }
  },
  attributes: { location: ["US"] }
})

const vm = (model: string, vram: string, hour: number) => ({
  ...{ gpu_model: { vendor: "nvidia", model, vram, interface: "pcie" }, minimum_price: hour },
  availability_by_number: [
    {
      ...{ gpu_count: 1, minimum_price: hour, options_available_total: 1, providers_available_total: 1 },
      ...{ data_center_available_total: 1, locations: ["sanjose-usa-2"], providers: ["sesterce"] },
      options: [
        {
          ...{ id: `option-${model}`, location: "sanjose-usa-2", provider: "sesterce", vcpu: { count: 30 } },
          ...{ memory: { count: 186, units: "Gi" }, storage: { count: 1303, units: "Gi" }, deployment_type: "VM" },
          ...{ pricing: { hour, upfront_hours: 3, currency: "USDC" }, nvlink: false },
          os_options: ["ubuntu22.04_cuda12.4_shade_os"]
        }
      ]
    }
  ]
})

/** Fluence's prices. */
export const prices: DocumentedPrices = {
  cloud: "fluence",
  sources: ["Fluence docs, get plans: containers (H200, A100 SXM) and VMs (A10, A100 PCIe)"],
  answers: {
    "GET /gpu/plans/": [plan("h200", "141Gi", 2.96), plan("a100", "80Gi", 1.22)],
    "GET /gpu/plans/vms": { data: [vm("a10", "24Gi", 0.99), vm("a100", "80Gi", 1.07)] },
    "GET /gpu/plans/baremetal": { data: [] }
  }
}
