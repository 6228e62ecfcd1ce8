import type { World } from "@anygpu/conformance"
import { fetchTransport } from "@anygpu/core/adapter"
import { createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import type { WorldPart } from "../../cloud-parts.ts"

/** A secret that the other suite's tests hand to an adapter. */
const apiKey = "test"

/** With what a broken provider is made of, and none of the controls that our suite's tests need. */
const openWorld = (): World => {
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

/** A simulated Vast.ai, of which containers are rented. */
export const world: WorldPart = { kind: "containers", openWorld }
