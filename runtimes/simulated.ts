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

/**
 * The simulated clouds on one clock. One of them rents by PUT, and one ends by it; the program sends it for nothing else. The
 * answer to the first one of each is lost after it took place.
 */
export const simulate = () => {
  const simulation = simulateClouds({ seed: 7, credit: 60 })
  const { simulators } = simulation
  const all = Object.values(simulators)
  for (const simulator of all) simulator.fault({ on: { method: "PUT" }, do: { kind: "reset-after" } })
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
