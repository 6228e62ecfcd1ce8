import { documentedCloud, type WordRow } from "@anygpu/conformance"

interface Words {
  readonly card: { readonly model: string; readonly vram: string; readonly interface: string }
  /** The country of containers; none is offered without. */
  readonly country: string | null
  /** The data centre of VMs and bare metal; none is offered without. */
  readonly center: string | null
  readonly hour: number
  /** A CPU VM: what its epoch costs and where it is; none is offered without. */
  readonly cpu: { readonly price: string; readonly countryCode: string; readonly cityCode: string } | null
}

const gpu = (model: string, vram: string, form: string, name: string): ReadonlyArray<WordRow<Words>> => {
  const card = { model, vram, interface: form }
  return [
    [{ card }, name],
    [{ card, country: null, center: "sanjose-usa-2" }, name]
  ]
}

const machines = { country: null }
const unplaced: WordRow<Words>[1] = { unknown: "it names no country for sure" }

const cpuAt = (price: string, countryCode: string, cityCode: string): Partial<Words> => {
  return { country: null, cpu: { price, countryCode, cityCode } }
}

const size = {
  ...{ vcpu: { count: 30 }, memory: { count: 186, units: "Gi" }, storage: { count: 1303, units: "Gi" } }
}

const groupOf = ({ card, center, hour }: Words) => ({
  gpu_model: { vendor: "nvidia", ...card },
  availability_by_number: [
    {
      gpu_count: 1,
      options: [{ id: "documented", location: center, ...size, pricing: { hour, upfront_hours: 3, currency: "USDC" } }]
    }
  ]
})

/** What Fluence's documents name. */
export const documented = documentedCloud<Words>({
  sources: [
    "Fluence docs, get plans: GPU containers, VMs and bare metal",
    "Fluence docs, manage instances: the machines of its examples",
    "Fluence docs, get offerings: CPU VMs"
  ],
  usual: {
    card: { model: "h200", vram: "141Gi", interface: "SXM" },
    ...{ country: "US", center: null, hour: 2.96, cpu: null }
  },
  gpus: [
    ...gpu("h200", "141Gi", "SXM", "H200 SXM"),
    ...gpu("a100", "80Gi", "SXM", "A100 SXM4"),
    ...gpu("a100", "80Gi", "sxm", "A100 SXM4"),
    ...gpu("a100", "80Gi", "pcie", "A100 PCIE"),
    ...gpu("a10", "24Gi", "pcie", "A10"),
    ...gpu("l40", "48Gi", "pcie", "L40"),
    ...gpu("v100", "32Gi", "sxm", "V100 SXM2")
  ],
  places: [
    [{ country: "US" }, "US"],
    [{ ...machines, center: "culpeper-usa-1" }, "US"],
    [{ ...machines, center: "dulles-usa-1" }, "US"],
    [{ ...machines, center: "newyork-usa-1" }, "US"],
    [{ ...machines, center: "sanjose-usa-2" }, "US"],
    [{ ...machines, center: "kristiansand-norway-2" }, "NO"],
    [{ ...machines, center: "tokyo-japan-2" }, "JP"],
    [{ ...machines, center: "us-central-2" }, unplaced],
    [{ ...machines, center: "us-central-3" }, unplaced],
    [{ ...machines, center: "us-east-1" }, unplaced],
    [{ ...machines, center: "Texas" }, unplaced],
    ...["DE", "FR", "GB", "LT", "PL", "US"].map((code): WordRow<Words> => {
      return [cpuAt("0.30698", code, "POZ"), code]
    })
  ],
  prices: {
    hour: [
      [{ hour: 2.96 }, "2.96 USDC"],
      [{ hour: 1.22 }, "1.22 USDC"],
      [{ hour: 0.99, ...machines, center: "sanjose-usa-2" }, "0.99 USDC"],
      [{ hour: 1.07, ...machines, center: "sanjose-usa-2" }, "1.07 USDC"],
      // Per epoch of 24 hours, cut after micros, upwards.
      [cpuAt("0.30698", "PL", "POZ"), "0.012791 USDC"],
      [cpuAt("0.30697", "FR", "PAR"), "0.012791 USDC"],
      [cpuAt("0.35793", "PL", "POZ"), "0.014914 USDC"],
      [cpuAt("2.4352", "FR", "PAR"), "0.101467 USDC"]
    ]
  },
  answers: (words) => {
    const { card, country, center, hour, cpu } = words
    const plan = {
      ...{ id: "documented", supply: { ...size, gpu_count: 1 }, gpu_model: { vendor: "nvidia", ...card } },
      pricing: { hour, upfront_hours: 3, currency: "USDC" }
    }
    return {
      "GET /gpu/plans/": country === null ? [] : [{ plan, attributes: { location: [country] } }],
      "GET /gpu/plans/vms": { data: center === null ? [] : [groupOf(words)] },
      "GET /gpu/plans/baremetal": { data: [] },
      "POST /marketplace/offers":
        cpu === null
          ? []
          : [
              {
                configuration: { slug: "cpu-2-ram-4gb-storage-25gb", price: cpu.price },
                datacenter: { countryCode: cpu.countryCode, cityCode: cpu.cityCode, cityIndex: 1 },
                servers: [{ availableBasicInstances: 5 }]
              }
            ]
    }
  }
})
