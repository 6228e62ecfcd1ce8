import type { Planned } from "./faults.ts"
import { type Scenario, scenarioOf } from "./scenario.ts"

const isWeather = ({ sort }: Planned): boolean =>
  sort === "answers lost, cut, late or refused" || sort === "lists out of date" || sort === "outages"

/** A scenario in which the network is bad and processes are killed, and nobody lies. */
export const weatherOf = (seed: number): Scenario => {
  const scenario = scenarioOf(seed)
  return {
    ...scenario,
    faults: scenario.faults.filter(isWeather),
    blows: scenario.blows.map(({ at }) => ({ at, frozenFor: null })),
    ...{ strokes: [], brokenWrites: [], jumps: [], budget: { perHour: null, total: null } }
  }
}
