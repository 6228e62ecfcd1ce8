import { numberIn } from "../kit/fields.ts"
import { ok, type Reply } from "../kit/http.ts"
import { freeOf } from "../kit/stock.ts"
import { problem } from "./answers.ts"
import { type CpuType, cpuOf, cpuTypes, dataCenters, type GpuType, gpuOf, gpuTypes, vcpus } from "./catalogue.ts"
import type { Call } from "./routes.ts"
import { shelfOf, type World } from "./world.ts"

/** How much of the stock each word stands for is not documented. */
const wordOf = (free: number): "NONE" | "LOW" | "MEDIUM" | "HIGH" => {
  if (free <= 0) return "NONE"
  if (free <= 4) return "LOW"
  return free <= 12 ? "MEDIUM" : "HIGH"
}

interface Wanted {
  readonly count: number
  readonly cloud: string
}

/** The stock of a type, in all and by data centre, of which one without any is left out. */
const stockOf = ({ state }: World, id: string, { count, cloud }: Wanted) => {
  const places = dataCenters
    .map((center) => ({ id: center.id, name: center.name, free: freeOf(state.free, shelfOf(id, center.id, cloud)) }))
    .map(({ free, ...place }) => ({ ...place, free: free < count ? 0 : free }))
  const best = Math.max(...places.map(({ free }) => free))
  const shown = places
    .filter(({ free }) => free > 0)
    .map(({ free, ...place }) => ({ ...place, availability: wordOf(free) }))
  return { availability: wordOf(best), ...(shown.length > 0 && { dataCenters: shown }) }
}

const gpuRow = ({ id, name, pool, memory, secure, community, most }: GpuType) => ({
  ...{ id, name, pool, manufacturer: id.startsWith("AMD") ? "AMD" : "NVIDIA", memory },
  ...{ secure: secure > 0, community: community > 0, price: { secure, community } },
  maxCount: { secure: secure > 0 ? most : 0, community: community > 0 ? Math.min(4, most) : 0 }
})

/** That serverless costs the same is chosen here. */
const cpuRow = ({ id, name, group, ramGbPerVcpu, price }: CpuType) => ({
  ...{ id, name, group, vcpu: vcpus, ramGbPerVcpu, price: { securePerVcpu: price, serverlessPerVcpu: price } }
})

/** Hosts have drivers of two versions, newer ones where the GPUs need it; those of AMD report none. The versions are chosen here. */
const cudaOf = ({ id }: { readonly id: string }) => {
  if (id.startsWith("AMD") || !id.startsWith("NVIDIA")) return {}
  const [older, newer] = /B200|PRO/.test(id) ? ["12.8", "13.0"] : ["12.4", "12.8"]
  return { cudaVersions: [older, newer].map((version) => ({ version, available: true })) }
}

/** What the stock is asked for; a 400 where `include` and `product` do not come together. */
const wantedIn = ({ query }: Call): Wanted | null | Reply => {
  const include = query.get("include")
  if ((include === null) !== (query.get("product") === null)) return problem(400, "include and product come together")
  if (include === null) return null
  return { count: numberIn(query, "count", 1, 64), cloud: query.get("cloud") ?? "SECURE" }
}

const listing =
  <Type extends { readonly id: string }>(name: string, types: readonly Type[], row: (type: Type) => object) =>
  (call: Call): Reply => {
    const wanted = wantedIn(call)
    if (wanted !== null && "status" in wanted) return wanted
    const rows = types.map((type) => ({
      ...row(type),
      ...(wanted && { ...stockOf(call.world, type.id, wanted), ...cudaOf(type) })
    }))
    return ok({ [name]: rows })
  }

/** GET /v2/catalog/gpus. Source: Runpod API v2, listGpuTypes. */
export const listGpus = listing("gpus", gpuTypes, gpuRow)
/** GET /v2/catalog/cpus. Source: Runpod API v2, listCpuTypes. */
export const listCpus = listing("cpus", cpuTypes, cpuRow)

const showing =
  <Type>(find: (id: string) => Type | undefined, row: (type: Type) => object) =>
  (call: Call): Reply => {
    const type = find(call.params.id ?? "")
    return type === undefined ? problem(404, "resource not found") : ok(row(type))
  }

export const showGpu = showing(gpuOf, gpuRow)
export const showCpu = showing(cpuOf, cpuRow)

/** Source: Runpod API v2, DataCenter. */
export const dataCenterRows = dataCenters.map((center) => ({
  ...center,
  ...{ globalNetwork: true, networkVolumeTypes: ["STANDARD"], compliance: [] }
}))

export const showDataCenter = showing(
  (id) => dataCenterRows.find((center) => center.id === id),
  (center) => center
)
