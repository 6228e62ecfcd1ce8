import { memoryLedger } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createVastSimulator, type VastSimulatorOptions } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { createGpu } from "../index.ts"

/** A simulated Vast and a client of it, in process and on one virtual clock. */
export const world = (options: VastSimulatorOptions & { readonly key?: string } = {}) => {
  const simulator = createVastSimulator(options)
  const cloud = vast({ apiKey: options.key ?? simulator.apiKey, transport: fetchTransport(simulator.fetch) })
  const ledger = memoryLedger()
  const gpu = createGpu({ clouds: [cloud], clock: simulator.clock, ledger })
  const alive = () => simulator.machines().filter((machine) => machine.alive)
  const writes = () =>
    simulator.requests().filter(({ method, path }) => method !== "GET" && !path.startsWith("/api/v0/bundles/"))
  const offer = async () => {
    const [first] = await gpu.offers({ kind: "container", limit: 5 })
    if (!first) throw new Error("the simulator has no offer")
    return first
  }
  /** A small launch that the cloud accepts. */
  const spec = async () => ({ offer: await offer(), name: "test", image: "ubuntu:24.04" })
  return { simulator, cloud, ledger, gpu, alive, writes, offer, spec }
}
