import type { DocumentedPrices } from "../../docs/documented.ts"

const type = (
  [instance_type, name]: readonly [string, string],
  [count, each, cores]: readonly [number, number, number],
  [price_per_hour, spot_price]: readonly [string, string]
) => ({
  ...{
    best_for: [],
    currency: "usd",
    description: "Dedicated Hardware Instance",
    id: instance_type,
    instance_type,
    name
  },
  ...{ model: name, cpu: { description: `${cores} CPU`, number_of_cores: cores }, manufacturer: "NVIDIA" },
  gpu: { description: `${count}x ${name}`, number_of_gpus: count },
  gpu_memory: { description: `${count * each}GB GPU RAM`, size_in_gigabytes: count * each },
  memory: { description: "120GB RAM", size_in_gigabytes: 120 },
  ...{ price_per_hour, spot_price, storage: { description: "dynamic" }, supported_os: ["ubuntu-22.04", "ubuntu-24.04"] }
})

/** Verda's prices; each type is taken to be had in Finland, since the price does not depend on the place. */
export const prices: DocumentedPrices = {
  cloud: "verda",
  sources: ["Verda API, instance types, volume types and locations as recorded by gpuhunt (H100 SXM, RTX A6000)"],
  answers: {
    "POST /v1/oauth2/token": {
      ...{ access_token: "documented", token_type: "Bearer", expires_in: 3600, scope: "cloud-api-v1" },
      refresh_token: "documented"
    },
    "GET /v1/instance-types": [
      type(["1H100.80S.30V", "H100 SXM5 80GB"], [1, 80, 30], ["3.95", "1.70"]),
      type(["2A6000.20V", "RTX A6000 48GB"], [2, 48, 20], ["1.98", "0.70"])
    ],
    "GET /v1/instance-availability": [{ location_code: "FIN-01", availabilities: ["1H100.80S.30V", "2A6000.20V"] }],
    "GET /v1/locations": [{ code: "FIN-01", name: "Finland 1", country_code: "FI" }],
    "GET /v1/volume-types": [
      {
        ...{ type: "NVMe", price: { price_per_month_per_gb: 0.2, cps_per_gb: 7.6103500761035e-8, currency: "usd" } },
        ...{ is_shared_fs: false, burst_bandwidth: 2500, continuous_bandwidth: 2000, internal_network_speed: 50 },
        ...{ iops: "100k", throughput_gbps: 4 }
      }
    ]
  }
}
