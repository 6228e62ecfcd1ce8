import { money } from "@anygpu/core"
import { chanceOf } from "./chance.ts"
import type { Host, Program } from "./host.ts"

/** Milliseconds. */
export const second = 1000
/** Milliseconds. */
export const minute = 60 * second
/** What a run may cost. */
export const maxTotal = money("9")
/** A moment that never comes. */
export const never = Number.POSITIVE_INFINITY

/** What is to happen in one trial. */
export const scenarioOf = (seed: number) => {
  const chance = chanceOf(seed)
  const program: Program = {
    steps: chance.between(20, 400),
    stepMillis: chance.between(2, 20) * second,
    checkpointEvery: chance.between(3, 30),
    writeMillis: chance.between(0, 2) * second,
    code: chance.percent(15) ? chance.between(1, 3) : 0
  }
  const offline = chance.percent(25) ? [{ from: chance.between(0, 40) * minute, minutes: chance.between(1, 30) }] : []
  return {
    ...{ seed, program, chance },
    retry: chance.between(0, 4),
    retryOnExit: chance.percent(20),
    duration: (chance.percent(15) ? chance.between(10, 40) : chance.between(120, 240)) * minute,
    offline: offline.map(({ from, minutes }) => ({ from, until: from + minutes * minute })),
    /** At which steps of its processes the run's computer is killed. */
    kills: chance.percent(50) ? Array.from({ length: chance.between(1, 4) }, () => chance.between(1, 120)) : [],
    isStopped: chance.percent(6) ? chance.between(1, 60) * minute : null,
    twoAtOnce: chance.percent(20),
    lostAnswers: chance.percent(20) ? chance.between(1, 2) : 0
  }
}

/** What is to happen in one trial. */
export type Scenario = ReturnType<typeof scenarioOf>

/** How a machine will fare, from the moment that it was made. */
export const fateOf = ({ chance, program }: Scenario, madeAt: number): Host => {
  const minutes = (from: number, to: number) => madeAt + chance.between(from, to) * minute
  const drops = Array.from({ length: chance.between(0, 6) }, () => {
    const from = minutes(1, 90)
    return { from, until: from + chance.between(1, 200) * second }
  })
  const isTaken = chance.percent(35)
  return {
    ...{ jobs: new Map(), restored: 0, program, drops },
    deadAt: isTaken ? minutes(0, 60) : never,
    silentAt: !isTaken && chance.percent(8) ? minutes(2, 60) : never
  }
}
