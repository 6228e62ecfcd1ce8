import { documentedCloud, type WordRow } from "@anygpu/conformance"
import types from "./fixtures/types.json" with { type: "json" }

interface Words {
  readonly gpu_description: string
  readonly gpus: number
  readonly price_cents_per_hour: number
  readonly region: { readonly name: string; readonly description?: string }
}

/** What each description of a GPU means. Source: the instance types as recorded in December 2025. */
const cards: Readonly<Record<string, string>> = {
  "GH200 (96 GB)": "GH200",
  "B200 (180 GB SXM6)": "B200",
  "H100 (80 GB SXM5)": "H100 SXM",
  "H100 (80 GB PCIe)": "H100 PCIE",
  "A100 (80 GB SXM4)": "A100 SXM4",
  "A100 (40 GB SXM4)": "A100 SXM4",
  "A100 (40 GB PCIe)": "A100 PCIE",
  "A10 (24 GB PCIe)": "A10",
  "RTX 6000 (24 GB)": "Quadro RTX 6000",
  "A6000 (48 GB)": "RTX A6000",
  "Tesla V100 (16 GB)": "V100"
}

const rows = Object.values(types.data).map(({ instance_type: type }) => type)

/** Every type that was recorded; one whose description is not in the table has no meaning, and fails the test. */
const gpus = rows
  .filter(({ specs }) => specs.gpus > 0)
  .map(({ gpu_description, specs }): WordRow<Words> => {
    return [{ gpu_description, gpus: specs.gpus }, cards[gpu_description] ?? "a card of the table"]
  })

/** Source: the instance types as recorded in December 2025, and the regions of Lambda Cloud API 1.8.3. */
const regions = {
  "us-west-1": ["California, USA", "US"],
  "us-west-2": ["Arizona, USA", "US"],
  "us-west-3": ["Utah, USA", "US"],
  "us-south-1": ["Texas, USA", "US"],
  "us-south-2": ["North Texas, USA", "US"],
  "us-south-3": ["Central Texas, USA", "US"],
  "us-east-1": ["Virginia, USA", "US"],
  "us-east-2": ["Washington DC, USA", "US"],
  "us-east-3": ["Washington DC, USA", "US"],
  "us-midwest-1": ["Illinois, USA", "US"],
  "us-midwest-2": ["Ohio, USA", "US"],
  "europe-central-1": ["Germany", "DE"],
  "asia-south-1": ["India", "IN"],
  "asia-northeast-1": ["Osaka, Japan", "JP"],
  "asia-northeast-2": ["Tokyo, Japan", "JP"],
  "me-west-1": ["Israel", "IL"],
  "australia-east-1": ["Sydney, Australia", "AU"]
} as const

const places = Object.entries(regions).map(([name, [description, country]]): WordRow<Words> => {
  return [{ region: { name, description } }, country]
})

const dollarsOf = (cents: number): string => `$${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`

/** Cents for an hour of the whole machine. Source: the recorded types; the prices that clients saw in August 2026. */
const prices = [...rows.map(({ price_cents_per_hour: cents }) => cents), 329, 429, 229, 199, 109, 699, 5352].map(
  (cents): WordRow<Words> => [{ price_cents_per_hour: cents }, dollarsOf(cents)]
)

/** What Lambda's documents name. */
export const documented = documentedCloud<Words>({
  sources: [
    "Lambda Cloud API, instance types as recorded in December 2025",
    "Lambda Cloud API 1.8.3 and 1.10.0, regions and file systems",
    "measurements of Lambda's prices in July and August 2026"
  ],
  usual: {
    ...{ gpu_description: "A10 (24 GB PCIe)", gpus: 1, price_cents_per_hour: 75 },
    region: { name: "us-west-1", description: "California, USA" }
  },
  gpus: [...gpus, [{ gpu_description: "Example GPU (40 GB SXM4)" }, { unknown: "the name of no card: an example" }]],
  places: [
    ...places,
    [{ region: { name: "us-southeast-1" } }, { unknown: "no document describes it, and nothing is read out of a name" }]
  ],
  prices: {
    hour: prices,
    volume: [[{}, { unknown: "Lambda's page has the price of a file system as an example only" }]]
  },
  answers: ({ gpu_description, gpus: count, price_cents_per_hour, region }) => ({
    "GET /api/v1/instance-types": {
      data: {
        documented: {
          instance_type: {
            ...{ name: "documented", description: gpu_description, gpu_description, price_cents_per_hour },
            specs: { vcpus: 30, memory_gib: 200, storage_gib: 1400, gpus: count }
          },
          regions_with_capacity_available: [region]
        }
      }
    },
    "GET /api/v1/file-systems": {
      data: [{ id: "f1", name: "data", mount_point: "/lambda/nfs/data", is_in_use: false, region, bytes_used: 1 }]
    },
    "GET /api/v1/instances": { data: [] }
  })
})
