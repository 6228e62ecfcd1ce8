import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import {
  createFluenceSimulator,
  createHuddleSimulator,
  createVastSimulator,
  type VirtualClock
} from "@anygpu/simulators"
import { vast } from "@anygpu/vast"

/** The three clouds, simulated on this machine and on one clock; against the real ones, keep only the factories. */
export const simulatedClouds = async (clock: VirtualClock) => {
  const simulators = {
    fluence: createFluenceSimulator({ clock, seed: 7, credit: 60 }),
    huddle: createHuddleSimulator({ clock, seed: 7, credit: 60 }),
    vast: createVastSimulator({ clock, seed: 7, credit: 20 })
  }
  const servers = {
    fluence: await simulators.fluence.listen(),
    huddle: await simulators.huddle.listen(),
    vast: await simulators.vast.listen()
  }
  const { url } = servers.fluence
  return {
    urls: Object.values(servers).map((server) => server.url),
    fluence: fluence({ apiKey: simulators.fluence.apiKey, gpuBaseUrl: url, cpuBaseUrl: url }),
    huddle: huddle({ apiKey: simulators.huddle.apiKey, baseUrl: `${servers.huddle.url}/api/v1` }),
    vast: vast({ apiKey: simulators.vast.apiKey, baseUrl: servers.vast.url }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(Object.values(servers).map((server) => server.close()))
    }
  }
}
