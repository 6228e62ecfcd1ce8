import { documentedCloud, type WordRow } from "@anygpu/conformance"
import types from "./fixtures/types.json" with { type: "json" }
import volumeRow from "./fixtures/volume.json" with { type: "json" }
import volumeTypes from "./fixtures/volume-types.json" with { type: "json" }

interface Words {
  readonly card: { readonly gpu_type: string; readonly interconnect: string; readonly vram_per_gpu_in_gb: number }
  readonly hourly_price: number
  readonly spot: string | undefined
  readonly place: { readonly region: string; readonly display_name?: string }
  /** Of which cloud, and where, a volume of 100 GB is. */
  readonly volume: { readonly cloud: string; readonly region: string }
}

const gpu = (gpu_type: string, interconnect: string, vram_per_gpu_in_gb: number, model: string): WordRow<Words> => {
  return [{ card: { gpu_type, interconnect, vram_per_gpu_in_gb } }, model]
}

const [sample] = types.instance_types
if (!sample) throw new Error("no sample of a type")

/** What Shadeform's documents name. Its types of machine are open: those of some twenty clouds. */
export const documented = documentedCloud<Words>({
  sources: [
    "Shadeform OpenAPI: samples of instance types, cluster types, volume types and rental terms",
    "Shadeform docs: getting-started/concepts, guides/spot, guides/attachvolume"
  ],
  usual: {
    card: { gpu_type: "A6000", interconnect: "pcie", vram_per_gpu_in_gb: 48 },
    ...{ hourly_price: 57, spot: undefined },
    place: { region: "kansascity-usa-1", display_name: "US, Kansas City, KS" },
    volume: { cloud: "digitalocean", region: "tor1" }
  },
  gpus: [
    gpu("A6000", "pcie", 48, "RTX A6000"),
    gpu("H100", "sxm5", 80, "H100 SXM"),
    gpu("H100", "pcie", 80, "H100 PCIE"),
    // A type is called A100_80Gx8: its GPU is an A100 of 80 GB.
    gpu("A100_80G", "sxm4", 80, "A100 SXM4"),
    gpu("A100_80G", "pcie", 80, "A100 PCIE")
  ],
  places: [
    [{ place: { region: "kansascity-usa-1", display_name: "US, Kansas City, KS" } }, "US"],
    [{ place: { region: "houston-usa-1", display_name: "US, Houston, TX" } }, "US"],
    ...["FIN-01", "eu-north1", "tor1"].map((region): WordRow<Words> => {
      return [
        { place: { region } },
        { unknown: "no document shows it with its name, and nothing is read out of a code" }
      ]
    })
  ],
  prices: {
    hour: [
      [{ hourly_price: 57 }, "$0.57"],
      [{ hourly_price: 1400 }, "$14.00"],
      [{ spot: "1.50" }, "$1.50", { interruptible: true }],
      [{ spot: "0.31" }, "$0.31", { interruptible: true }]
    ],
    // 100 GB, at prices of a GB and hour.
    volume: [
      [{ volume: { cloud: "datacrunch", region: "FIN-01" } }, "$0.028"],
      [{ volume: { cloud: "nebius", region: "eu-north1" } }, "$0.0097"],
      [{ volume: { cloud: "digitalocean", region: "tor1" } }, "$0.0084"]
    ]
  },
  answers: ({ card, hourly_price, spot, place, volume }) => ({
    "GET /v1/instances/types": {
      instance_types: [
        {
          ...{ ...sample, hourly_price, configuration: { ...sample.configuration, ...card } },
          availability: [
            spot === undefined
              ? { ...place, available: true, rental_type: "on_demand" }
              : { ...place, available: true, rental_type: "spot", hourly_price: spot }
          ]
        }
      ]
    },
    "GET /v1/volumes": { volumes: [{ ...volumeRow, ...volume }] },
    "GET /v1/volumes/types": volumeTypes
  })
})
