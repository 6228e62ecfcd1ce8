import { documentedCloud, type WordRow } from "@anygpu/conformance"
import cpus from "./fixtures/cpus.json" with { type: "json" }

interface Words {
  readonly id: string
  /** GB of memory of one GPU. */
  readonly memory: number | null
  readonly center: string
  readonly secure: number
  readonly community: number
  readonly volume: { readonly size: number; readonly type: string }
}

const gpu = (id: string, memory: number | null, model: string): WordRow<Words> => [{ id, memory }, model]

/** Source: Runpod docs, references/gpu-types. */
const gpus: ReadonlyArray<WordRow<Words>> = [
  gpu("AMD Instinct MI300X OAM", 192, "MI300X"),
  gpu("NVIDIA A100 80GB PCIe", 80, "A100 PCIE"),
  gpu("NVIDIA A100-SXM4-80GB", 80, "A100 SXM4"),
  gpu("NVIDIA A30", 24, "A30"),
  gpu("NVIDIA A40", 48, "A40"),
  gpu("NVIDIA B200", 180, "B200"),
  gpu("NVIDIA B300 SXM6 AC", 288, "B300"),
  gpu("NVIDIA GeForce RTX 3070", 8, "RTX 3070"),
  gpu("NVIDIA GeForce RTX 3080", 10, "RTX 3080"),
  gpu("NVIDIA GeForce RTX 3080 Ti", 12, "RTX 3080 Ti"),
  gpu("NVIDIA GeForce RTX 3090", 24, "RTX 3090"),
  gpu("NVIDIA GeForce RTX 3090 Ti", 24, "RTX 3090 Ti"),
  gpu("NVIDIA GeForce RTX 4070 Ti", 12, "RTX 4070 Ti"),
  gpu("NVIDIA GeForce RTX 4080", 16, "RTX 4080"),
  gpu("NVIDIA GeForce RTX 4080 SUPER", 16, "RTX 4080 SUPER"),
  gpu("NVIDIA GeForce RTX 4090", 24, "RTX 4090"),
  gpu("NVIDIA GeForce RTX 5080", 16, "RTX 5080"),
  gpu("NVIDIA GeForce RTX 5090", 32, "RTX 5090"),
  gpu("NVIDIA H100 80GB HBM3", 80, "H100 SXM"),
  gpu("NVIDIA H100 NVL", 94, "H100 NVL"),
  gpu("NVIDIA H100 PCIe", 80, "H100 PCIE"),
  gpu("NVIDIA H200", 141, "H200"),
  gpu("NVIDIA H200 NVL", 143, "H200 NVL"),
  gpu("NVIDIA L4", 24, "L4"),
  gpu("NVIDIA L40", 48, "L40"),
  gpu("NVIDIA L40S", 48, "L40S"),
  gpu("NVIDIA RTX 2000 Ada Generation", 16, "RTX 2000 Ada"),
  gpu("NVIDIA RTX 4000 Ada Generation", 20, "RTX 4000 Ada"),
  gpu("NVIDIA RTX 4000 SFF Ada Generation", 20, "RTX 4000 SFF Ada"),
  gpu("NVIDIA RTX 5000 Ada Generation", 32, "RTX 5000 Ada"),
  gpu("NVIDIA RTX 6000 Ada Generation", 48, "RTX 6000 Ada"),
  gpu("NVIDIA RTX A2000", 6, "RTX A2000"),
  gpu("NVIDIA RTX A4000", 16, "RTX A4000"),
  gpu("NVIDIA RTX A4500", 20, "RTX A4500"),
  gpu("NVIDIA RTX A5000", 24, "RTX A5000"),
  gpu("NVIDIA RTX A6000", 48, "RTX A6000"),
  gpu("NVIDIA RTX PRO 4500 Blackwell", 32, "RTX PRO 4500"),
  gpu("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", 96, "RTX PRO 6000 Max-Q"),
  gpu("NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb", 24, "RTX PRO 6000 S MIG 1g.24gb"),
  gpu("NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb", 48, "RTX PRO 6000 S MIG 2g.48gb"),
  gpu("NVIDIA RTX PRO 6000 Blackwell Server Edition", 96, "RTX PRO 6000 S"),
  gpu("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", 96, "RTX PRO 6000 WS"),
  gpu("Tesla V100-PCIE-16GB", 16, "V100 PCIE"),
  gpu("Tesla V100-SXM2-16GB", 16, "V100 SXM2"),
  gpu("Tesla V100-SXM2-32GB", 32, "V100 SXM2")
]

/** Source: the enumeration of REST API v1; a listing of the catalog seen later. Without the memory. */
const olderGpus: ReadonlyArray<WordRow<Words>> = [
  gpu("Tesla V100-FHHL-16GB", null, "V100 FHHL"),
  gpu("Tesla V100-PCIE-32GB", null, "V100 PCIE"),
  gpu("Tesla T4", null, "T4"),
  gpu("NVIDIA  RTX A4500", null, "RTX A4500"),
  gpu("NVIDIA  A30", null, "A30"),
  gpu("NVIDIA GeForce RTX 3080TI", null, "RTX 3080 Ti"),
  gpu("NVIDIA RTX A30", null, "A30"),
  gpu("NVIDIA RTX PRO 5000 Blackwell", null, "RTX PRO 5000"),
  gpu("NVIDIA B300 SXM6 AC MIG 1g.34gb", null, "B300 MIG 1g.34gb"),
  [{ id: "NVIDIA A5000 Ada", memory: null }, { unknown: "NVIDIA sells no card of this name" }]
]

/** Source: the enumeration of REST API v1; Runpod docs, storage/s3-api and pods/networking. */
const centers = {
  JP: "AP-JP-1",
  CA: "CA-MTL-1 CA-MTL-2 CA-MTL-3",
  ...{ CZ: "EU-CZ-1", FR: "EU-FR-1", NL: "EU-NL-1", RO: "EU-RO-1", SE: "EU-SE-1", NO: "EUR-NO-1", AU: "OC-AU-1" },
  IS: "EUR-IS-1 EUR-IS-2 EUR-IS-3",
  US: "US-CA-2 US-DE-1 US-GA-1 US-GA-2 US-IL-1 US-KS-2 US-KS-3 US-NC-1 US-TX-1 US-TX-3 US-TX-4 US-WA-1 US-MD-1 US-MO-1 US-MO-2 US-NC-2 US-NE-1"
}

const places = Object.entries(centers).flatMap(([country, ids]) =>
  ids.split(" ").map((center): WordRow<Words> => [{ center }, country])
)

const volumes: ReadonlyArray<WordRow<Words>> = [
  [{ volume: { size: 50, type: "STANDARD" } }, "$0.004862"],
  [{ volume: { size: 2000, type: "STANDARD" } }, "$0.166667"],
  [{ volume: { size: 50, type: "HIGH_PERFORMANCE" } }, { unknown: "only the console shows what it costs" }]
]

const noPods = { pods: [], pagination: { nextCursor: null, hasNextPage: false } }

/** What Runpod's documents name. */
export const documented = documentedCloud<Words>({
  sources: [
    "Runpod docs: references/gpu-types, storage/s3-api, storage/network-volumes, pods/networking, pods/pricing",
    "Runpod REST API v1, enumerations of GPUs and data centres",
    "Runpod API reference v2, samples of listGpuTypes, listCpuTypes and listNetworkVolumes"
  ],
  usual: {
    ...{ id: "NVIDIA GeForce RTX 4090", memory: 24, center: "US-KS-2", secure: 0.44, community: 0 },
    volume: { size: 50, type: "STANDARD" }
  },
  gpus: [...gpus, ...olderGpus],
  places: [
    ...places,
    [{ center: "US-XX-9" }, { unknown: "no document lists it, and an id is not read for its letters" }]
  ],
  prices: {
    hour: [
      [{ secure: 0.44 }, "$0.44"],
      [{ secure: 0, community: 0.31 }, "$0.31"],
      // Two processors at $0.04 each.
      [{}, "$0.08", { kind: "container", minVcpus: 2, limit: 1 }]
    ],
    disk: [[{}, "$0.10"]],
    volume: volumes
  },
  answers: ({ id, memory, center, secure, community, volume }) => ({
    "GET /v2/catalog/gpus": {
      gpus: [
        {
          ...{ id, memory, secure: secure > 0, community: community > 0, price: { secure, community } },
          ...{ maxCount: { secure: 8, community: 8 }, availability: "HIGH" },
          dataCenters: [{ id: center, name: `Center ${center}`, availability: "HIGH" }]
        }
      ]
    },
    "GET /v2/catalog/cpus": cpus,
    "GET /v2/network-volumes": { networkVolumes: [{ id: "2q9m7x4c", name: "data", dataCenter: center, ...volume }] },
    "GET /v2/pods": noPods
  })
})
