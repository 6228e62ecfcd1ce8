import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { createGpu, money } from "../../../packages/sdk/src/index.ts"
import { createClock, createVastSimulator } from "../../../packages/simulators/src/index.ts"
import { vast } from "../../../packages/vast/src/index.ts"
import type { Ways } from "../../docs/provoked.ts"

/** A client of a simulated Vast.ai that is the same every time. */
const open = () => {
  const clock = createClock()
  const simulator = createVastSimulator({ seed: 3, clock })
  const connected = (apiKey: string) => vast({ apiKey, transport: fetchTransport(simulator.fetch) })
  const gpu = createGpu({ clouds: [connected(simulator.apiKey)], clock })
  const specOf = async () => {
    const [offer] = await gpu.offers({ kind: "container", gpu: "RTX 3090", limit: 1 })
    if (!offer) throw new Error("the simulated market has no RTX 3090")
    return { offer, name: "example", image: "ubuntu:24.04" }
  }
  const stranger = createGpu({ clouds: [connected("a-wrong-key-0123456789")], clock })
  return { simulator, gpu, stranger, specOf }
}

type World = ReturnType<typeof open>

const create = { method: "PUT", path: "/api/v0/asks/{id}/" }
const lists = { method: "GET", path: "/api/v1/instances/" }
const search = { method: "POST", path: "/api/v0/bundles/" }
const search4090 = ({ gpu }: World) => gpu.clouds.vast.containers.offers({ gpu: "RTX 4090" })

/** Ways to errors on Vast.ai: mistakes, and faults of the cloud. */
const onWorld = {
  IllegalAction: async ({ gpu, specOf }) => {
    const { ref } = await gpu.rent(await specOf())
    return gpu.act(ref, "logs")
  },
  InvalidRequest: ({ gpu }) => gpu.offers({ gpu: "RTX 6000" }),
  Unauthenticated: ({ stranger }) => stranger.list(),
  PermissionDenied: (world) => {
    const refused = { error: "permission_denied", msg: "this key may only read" }
    world.simulator.fault({ on: create, do: { kind: "status", status: 403, json: refused }, times: 9 })
    return world.specOf().then((spec) => world.gpu.rent(spec))
  },
  NotFound: ({ gpu }) => gpu.get("vast/container/4711"),
  Conflict: async ({ gpu, simulator, specOf }) => {
    const { ref } = await gpu.rent(await specOf())
    await gpu.waitUntilReady(ref)
    simulator.setStatus(Number(ref.id), { intended_status: "stopped", actual_status: "stopped", cur_state: "stopped" })
    return gpu.waitUntilReady(ref)
  },
  NoCapacity: async ({ gpu, simulator, specOf }) => {
    const spec = await specOf()
    simulator.takeOffer(Number(spec.offer.id))
    return gpu.rent(spec)
  },
  OutOfFunds: async ({ gpu, specOf }) => gpu.rent({ ...(await specOf()), maxPerHour: money("0.01") }),
  RateLimited: (world) => {
    world.simulator.fault({
      on: search,
      do: { kind: "status", status: 429, text: "API requests too frequent" },
      times: 99
    })
    return search4090(world)
  },
  Timeout: async ({ gpu, simulator, specOf }) => {
    const { ref } = await gpu.rent(await specOf())
    simulator.setStatus(Number(ref.id), { actual_status: "loading" })
    return gpu.waitUntilReady(ref, { within: "1 second" })
  },
  Network: (world) => {
    world.simulator.fault({ on: search, do: { kind: "reset-before" }, times: 99 })
    return search4090(world)
  },
  ProviderFault: (world) => {
    world.simulator.fault({ on: search, do: { kind: "status", status: 503, text: "upstream failed" }, times: 99 })
    return search4090(world)
  },
  BadResponse: (world) => {
    world.simulator.fault({ on: search, do: { kind: "status", status: 200, json: { offers: "none" } }, times: 99 })
    return search4090(world)
  },
  LaunchUnsettled: async ({ gpu, simulator, specOf }) => {
    const spec = await specOf()
    simulator.fault({ on: create, do: { kind: "reset-after" } })
    simulator.fault({ on: lists, do: { kind: "status", status: 500 }, times: 9999 })
    return gpu.rent(spec)
  }
} satisfies Readonly<Record<string, (world: World) => Promise<unknown>>>

/** The same, each on a cloud of its own. */
export const ways: Ways = Object.fromEntries(Object.entries(onWorld).map(([tag, way]) => [tag, () => way(open())]))
