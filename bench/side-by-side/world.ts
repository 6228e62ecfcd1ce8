import type { World } from "@anygpu/conformance"
import { fetchTransport } from "@anygpu/core/adapter"
import { createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"

/** A secret that the other suite's tests hand to an adapter. */
const apiKey = "test"

/** A simulated Vast.ai with what a broken provider is made of; it has none of the controls that our suite's tests need. */
export const openWorld = (): World => {
  const simulator = createVastSimulator({ apiKey, credit: 1000, offers: 200, rateLimits: false })
  const transport = fetchTransport(simulator.fetch)
  return {
    ...{ secret: apiKey, time: simulator.clock, unknownId: "999999999", controls: {} },
    connect: (key) => vast({ apiKey: key, transport }).kinds.containers,
    spec: (offer) => ({ offer, name: "training", image: "ubuntu:22.04" }),
    machines: () =>
      simulator.machines().map(({ id, label, alive, actualStatus }) => ({
        ...{ id: String(id), name: label, alive, running: alive && actualStatus === "running" }
      })),
    requests: () => [],
    close: () => simulator.clock.close()
  }
}
