import { type MachineTruth, microsUp } from "../kit/truth.ts"
import type { CpuMachine, Instance } from "./machine.ts"
import { nanosPerDollar } from "./money.ts"
import type { World } from "./world.ts"

const isRunning = (machine: Instance | CpuMachine): boolean => {
  if (!("kind" in machine)) return machine.status === "Active" || machine.status === "SmallBalance"
  if (machine.status !== "ACTIVE") return false
  return machine.kind === "container" ? machine.started : machine.connected
}

const offerOf = (machine: Instance | CpuMachine): string => {
  if (!("kind" in machine)) return machine.offerId
  return machine.kind === "container" ? `${machine.planId}@${machine.location}` : machine.planId
}

/**
 * Every machine of both families, as it truly is.
 *
 * - A container is up when it has started; a VM of the GPU family when its network is there.
 * - It is metered from its order until its end was accepted, in steps of the clock.
 */
export const truthIn = ({ state }: World): readonly MachineTruth[] =>
  [...state.instances, ...state.cpus].map((machine) => ({
    id: machine.id,
    name: machine.name,
    of: offerOf(machine),
    kind: "kind" in machine ? machine.kind : "cpu-vm",
    isUp: isRunning(machine),
    isAlive: !machine.over,
    isEnding: !machine.over && machine.ending,
    madeAt: machine.createdAt,
    lines: [
      {
        item: "compute",
        micros: microsUp(machine.spent, nanosPerDollar),
        ms: (machine.rentedUntil ?? state.at) - machine.createdAt
      },
      { item: "reserve", micros: microsUp(machine.reserved, nanosPerDollar), ms: 0 }
    ]
  }))
