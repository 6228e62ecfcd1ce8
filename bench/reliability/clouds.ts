import { createClock, type VirtualClock } from "@anygpu/simulators"
import type { SimulatedCloud } from "../cloud.ts"
import { forEachCloud } from "../cloud-list.ts"
import type { Scenario } from "./scenario.ts"

/** The simulated clouds of a run, by their names. */
export type Clouds = Readonly<Record<string, SimulatedCloud>>

const second = 1000

/** Virtual time in whole seconds: no cloud documents what a part of one costs. */
export const createTime = ({ seed }: Scenario): VirtualClock => {
  const clock = createClock({ start: new Date(Date.UTC(2026, 0, 1, seed % 24, (seed * 7) % 60)) })
  return {
    ...clock,
    sleep: (ms, signal) => {
      const due = Math.ceil((clock.now() + Math.max(0, ms)) / second) * second
      return clock.sleep(due - clock.now(), signal)
    }
  }
}

/** One machine of somebody else on each account, whose name is like that of a job. */
export const addStrangers = (clouds: Clouds): ReadonlySet<string> =>
  new Set(Object.values(clouds).map(({ addStranger }) => addStranger("j1x")))

export const createClouds = ({ seed, pace }: Scenario, clock: VirtualClock): Clouds =>
  forEachCloud(({ forRun }) => forRun({ clock, seed, credit: 1_000_000 }, pace))
