import type { Transport } from "@anygpu/core/adapter"
import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import {
  createClock,
  createFluenceSimulator,
  createHuddleSimulator,
  createVastSimulator,
  type Simulator
} from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import type { Cloud } from "anygpu"

/** What the clouds themselves know. */
export interface Truth {
  /** Machines ever made. */
  readonly made: number
  /** Those of them that have not ended. */
  readonly alive: number
  /** Requests whose answer never came. */
  readonly lost: number
}

/** Three simulated clouds on one clock; the answer to the first create on Vast.ai is lost after it took place. */
export const simulate = () => {
  const clock = createClock()
  const simulators = {
    fluence: createFluenceSimulator({ clock, seed: 7, credit: 60 }),
    huddle: createHuddleSimulator({ clock, seed: 7, credit: 60 }),
    vast: createVastSimulator({ clock, seed: 7, credit: 20 })
  }
  simulators.vast.fault({ on: { method: "PUT", path: "/api/v0/asks/{id}/" }, do: { kind: "reset-after" } })
  const all = Object.values(simulators)
  const truth = (): Truth => {
    const machines = all.flatMap((simulator) => simulator.truth())
    const requests = all.flatMap((simulator) => simulator.requests())
    return {
      made: machines.length,
      alive: machines.filter(({ isAlive }) => isAlive).length,
      lost: requests.filter(({ status }) => status === "lost").length
    }
  }
  return { clock, simulators, truth }
}

/** The adapters of the three clouds as a program makes them, each over the transport that is made for its simulator. */
export const cloudsOver = (
  { fluence: onFluence, huddle: onHuddle, vast: onVast }: ReturnType<typeof simulate>["simulators"],
  transportTo: (simulator: Pick<Simulator, "fetch">) => Transport
): ReadonlyArray<Cloud> => [
  fluence({ apiKey: onFluence.apiKey, transport: transportTo(onFluence) }),
  huddle({ apiKey: onHuddle.apiKey, transport: transportTo(onHuddle) }),
  vast({ apiKey: onVast.apiKey, transport: transportTo(onVast) })
]
