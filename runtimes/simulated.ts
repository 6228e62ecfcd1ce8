import { simulateClouds } from "@anygpu/clouds/simulated"

/** What the clouds themselves know. */
export interface Truth {
  /** Machines ever made. */
  readonly made: number
  /** Those of them that have not ended. */
  readonly alive: number
  /** Requests whose answer never came. */
  readonly lost: number
}

/** The simulated clouds on one clock; the answer to the first create on Vast.ai is lost after it took place. */
export const simulate = () => {
  const simulation = simulateClouds({ seed: 7, credit: 60 })
  const { simulators } = simulation
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
  return { ...simulation, truth }
}
