import { documentedCloud, type WordRow } from "@anygpu/conformance"
import token from "./fixtures/token.json" with { type: "json" }
import volumeType from "./fixtures/volume-type.json" with { type: "json" }

interface Words {
  /** The name of the type; without one, a machine's own description is read. */
  readonly name: string | null
  readonly description: string
  readonly gpus: number
  readonly price_per_hour: string
  readonly spot_price: string
  readonly place: { readonly code: string; readonly name: string; readonly country_code?: string }
  readonly perMonth: number
  readonly volume: { readonly base_hourly_cost: number; readonly currency: string }
}

const gpu = (name: string | null, description: string, gpus: number, model: string): WordRow<Words> => {
  return [{ name, description, gpus }, model]
}

const spot = { interruptible: true } as const

/** What Verda's documents name. */
export const documented = documentedCloud<Words>({
  sources: [
    "Verda API v1: samples of instances, locations, volumes and volume types",
    "instance types, availability and locations as recorded by gpuhunt",
    "readings of the public instance types in September 2026",
    "Verda docs, release notes (ICE-01 was closed)"
  ],
  usual: {
    ...{
      name: "H100 SXM5 80GB",
      description: "1x H100 SXM5 80GB",
      gpus: 1,
      price_per_hour: "3.95",
      spot_price: "1.70"
    },
    place: { code: "FIN-01", name: "Finland 1", country_code: "FI" },
    ...{ perMonth: 0.2, volume: { base_hourly_cost: 0.0273972602739726, currency: "usd" } }
  },
  gpus: [
    gpu("H100 SXM5 80GB", "1x H100 SXM5 80GB", 1, "H100 SXM"),
    gpu("RTX A6000 48GB", "2x RTX A6000 48GB", 2, "RTX A6000"),
    gpu(null, "1x H100 SXM5 80GB", 1, "H100 SXM"),
    gpu(null, "2x RTX A6000 48GB", 2, "RTX A6000"),
    gpu(null, "8x A100", 8, "A100"),
    gpu("A100 80GB", "1x A100 80GB", 1, "A100")
  ],
  places: [
    [{ place: { code: "FIN-01", name: "Finland 1", country_code: "FI" } }, "FI"],
    [{ place: { code: "FIN-02", name: "Finland 2", country_code: "FI" } }, "FI"],
    [{ place: { code: "FIN-03", name: "Finland 3", country_code: "FI" } }, "FI"],
    [{ place: { code: "ICE-01", name: "" } }, { unknown: "it was closed, and nothing is read out of a code" }]
  ],
  prices: {
    hour: [
      [{ price_per_hour: "3.95" }, "$3.95"],
      [{ price_per_hour: "1.98" }, "$1.98"],
      [{ price_per_hour: "1.964" }, "$1.964"],
      [{ price_per_hour: "1.797" }, "$1.797"],
      [{ spot_price: "1.70" }, "$1.70", spot],
      [{ spot_price: "0.70" }, "$0.70", spot],
      [{ spot_price: "0.982" }, "$0.982", spot],
      [{ gpus: 0, name: "AMD EPYC", price_per_hour: "3.00" }, "$3.00", { kind: "vm", minVcpus: 1 }],
      [{ gpus: 0, name: "AMD EPYC", spot_price: "1.50" }, "$1.50", { kind: "vm", minVcpus: 1, ...spot }]
    ],
    disk: [[{ perMonth: 0.2 }, "$0.20"]],
    volume: [
      // Cut after micros, upwards.
      [{ volume: { base_hourly_cost: 0.0273972602739726, currency: "usd" } }, "$0.027398"],
      [{ volume: { base_hourly_cost: 0.0273972602739726, currency: "eur" } }, { unknown: "no rate of euros is known" }]
    ]
  },
  answers: ({ name, description, gpus, price_per_hour, spot_price, place, perMonth, volume }) => ({
    "POST /v1/oauth2/token": token,
    "GET /v1/instance-types": [
      {
        ...{ instance_type: "documented", name, currency: "usd", price_per_hour, spot_price },
        ...{ gpu: { description, number_of_gpus: gpus }, cpu: { description: "30 CPU", number_of_cores: 30 } },
        ...{ memory: { description: "120GB RAM", size_in_gigabytes: 120 }, storage: { description: "dynamic" } },
        supported_os: ["ubuntu-24.04"]
      }
    ],
    "GET /v1/instance-availability": [{ location_code: place.code, availabilities: ["documented"] }],
    "GET /v1/locations": [place],
    "GET /v1/volume-types": [{ ...volumeType, price: { price_per_month_per_gb: perMonth, currency: "usd" } }],
    "GET /v1/volumes": [
      {
        id: "v1",
        name: "data",
        size: 100,
        type: "NVMe",
        status: "detached",
        location: place.code,
        instances: [],
        ...volume
      }
    ],
    "GET /v1/instances": []
  })
})
