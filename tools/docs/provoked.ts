import { fetchTransport } from "../../packages/core/src/adapter/index.ts"
import type { GpuError } from "../../packages/core/src/index.ts"
import { fluence } from "../../packages/fluence/src/index.ts"
import { createGpu, isGpuError, money } from "../../packages/sdk/src/index.ts"
import { createClock, createFluenceSimulator, createVastSimulator } from "../../packages/simulators/src/index.ts"
import { connect, memoryKnownHosts } from "../../packages/ssh/src/index.ts"
import { type FaultServer, type ServerBehaviour, startServer } from "../../packages/ssh/src/testing/server.ts"
import { vast } from "../../packages/vast/src/index.ts"

/** A client of simulated clouds that are the same every time. */
const open = () => {
  const clock = createClock()
  const simulator = createVastSimulator({ seed: 3, clock })
  const other = createFluenceSimulator({ seed: 3, clock })
  const connected = (apiKey: string) => vast({ apiKey, transport: fetchTransport(simulator.fetch) })
  const clouds = [
    connected(simulator.apiKey),
    fluence({ apiKey: other.apiKey, transport: fetchTransport(other.fetch) })
  ] as const
  const gpu = createGpu({ clouds, clock })
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

const keyOf = ({ key }: FaultServer) => ({ key, agent: false as const })

/** Something done with a machine that is an ssh server in this process. */
const onServer = async <A>(behaviour: ServerBehaviour, use: (server: FaultServer) => Promise<A>): Promise<A> => {
  const server = await startServer(behaviour)
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

/** One way to each error: a mistake, or a fault of the cloud. */
const ways: Readonly<Record<GpuError["_tag"], (world: World) => Promise<unknown>>> = {
  Unsupported: ({ gpu }) => gpu.act("fluence/container/3f1c8a52-9a51-4c0e-8d57-1b8e1f0a7c11", "stop"),
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
  },
  Unreachable: () => connect({ host: "127.0.0.1", port: 1 }),
  LoginRefused: () => onServer({ allow: () => false }, async (server) => connect(server, keyOf(server))),
  HostKeyChanged: () =>
    onServer({}, async (server) => {
      const knownHosts = memoryKnownHosts()
      await knownHosts.remember(
        `[127.0.0.1]:${server.port}`,
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789"
      )
      return connect(server, { ...keyOf(server), knownHosts })
    }),
  ConnectionLost: () =>
    onServer({ onExec: (channel) => channel.close() }, async (server) => {
      await using machine = await connect(server, keyOf(server))
      return await machine.exec("true")
    }),
  RemoteFailed: () =>
    onServer({ refuseSessions: true }, async (server) => {
      await using machine = await connect(server, keyOf(server))
      return await machine.exec("true")
    })
}

/** An error of each tag as it really comes, made on simulated clouds; fails when one is another error by now. */
export const provokedErrors = async (): Promise<ReadonlyMap<string, GpuError>> => {
  const errors = new Map<string, GpuError>()
  for (const [tag, way] of Object.entries(ways)) {
    const error: unknown = await way(open()).then(
      () => null,
      (reason) => reason
    )
    if (!isGpuError(error) || error._tag !== tag) throw new Error(`no ${tag} came of its way`, { cause: error })
    errors.set(tag, error)
  }
  return errors
}
