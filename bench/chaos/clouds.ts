import {
  type CommonEffect,
  createClock,
  createFluenceSimulator,
  createHuddleSimulator,
  createVastSimulator,
  type MachineTruth,
  type Random
} from "@anygpu/simulators"
import { routes } from "../reliability/faults.ts"
import { type CloudName, cloudNames, publicKey } from "../reliability/market.ts"
import { clientOf } from "./client.ts"
import type { Setup } from "./words.ts"

/** Simulated clouds on loopback ports, whose time runs faster than ours. */
export const openClouds = async ({
  seed,
  speed,
  ledger
}: Pick<Setup, "speed" | "ledger"> & { readonly seed: number }) => {
  const begun = Date.now()
  const clock = createClock({ mode: { speed }, start: new Date(begun) })
  const common = { clock, seed, credit: 1_000_000 }
  const clouds = {
    vast: createVastSimulator({ ...common, offers: 1000, rateLimits: false, sshKeys: [publicKey] }),
    fluence: createFluenceSimulator(common),
    huddle: createHuddleSimulator({ ...common, offers: 6 })
  }
  const servers = {
    vast: await clouds.vast.listen(),
    fluence: await clouds.fluence.listen(),
    huddle: await clouds.huddle.listen()
  }
  const setup: Setup = {
    ...{ ledger, begun, speed },
    clouds: {
      vast: { apiKey: clouds.vast.apiKey, baseUrl: servers.vast.url },
      fluence: { apiKey: clouds.fluence.apiKey, baseUrl: servers.fluence.url },
      huddle: { apiKey: clouds.huddle.apiKey, baseUrl: `${servers.huddle.url}/api/v1` }
    }
  }
  const client = clientOf(setup)
  // Enough of everything, so that a launch comes to nothing by what is done to it alone.
  for (const { id } of await client.markets.huddle()) {
    const [type = "", place = ""] = id.split("@")
    clouds.huddle.freeCapacity(type, place, 10_000)
  }
  const truth = (): ReadonlyArray<MachineTruth> => cloudNames.flatMap((cloud) => clouds[cloud].truth())

  /** The next create of a cloud loses its answer, or takes its time. */
  const disturb = (random: Random, cloud: CloudName): void => {
    const effects: readonly [CommonEffect, ...CommonEffect[]] = [
      { kind: "reset-after" },
      { kind: "status", status: 500, effect: true },
      { kind: "latency", ms: random.integer(1, 20) * 1000 },
      { kind: "late", ms: random.integer(1, 120) * 1000 },
      { kind: "reset-before" }
    ]
    clouds[cloud].fault({ on: routes[cloud].create, do: random.pick(effects) })
  }
  const calm = async () => {
    for (const server of Object.values(servers)) await server.close()
    client.ledger.close()
    clock.close()
  }
  return { setup, client, truth, disturb, clock, close: calm }
}

/** The clouds of a storm. */
export type StormClouds = Awaited<ReturnType<typeof openClouds>>
