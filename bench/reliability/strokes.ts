import type { MachineTruth, Random } from "@anygpu/simulators"
import type { Mishap } from "../cloud.ts"
import { ofCloud } from "../cloud-list.ts"
import type { Clouds } from "./clouds.ts"

/** Something that happens to the n-th machine that is made on a cloud, so many seconds after it was made. */
export interface Stroke {
  readonly cloud: string
  readonly mishap: Mishap
  readonly nth: number
  readonly after: number
}

/** The mishaps of a run on a cloud. */
export const planStrokes = (random: Random, cloud: string, pace: number): ReadonlyArray<Stroke> => {
  const boot = (nth: number): Stroke => ({ cloud, mishap: "boots that fail", nth, after: random.integer(1, 3 * pace) })
  const later = (nth: number): Stroke => ({
    ...{ cloud, nth, after: random.integer(60, 5400) },
    mishap: random.pick(["machines that break", "hosts that go offline", "machines ended by others"])
  })
  return [
    ...(random.next() < 0.2 ? [boot(1)] : []),
    ...(random.next() < 0.1 ? [boot(2)] : []),
    ...(random.next() < 0.15 ? [later(1)] : [])
  ]
}

/** Lets it happen; false where it cannot: the machine is gone, or past what would have failed. */
export const strike = (clouds: Clouds, { cloud, mishap }: Stroke, machine: MachineTruth): boolean => {
  const simulated = ofCloud(clouds, cloud)
  const now = simulated.truth().find(({ id }) => id === machine.id)
  if (!now?.isAlive || now.isEnding) return false
  try {
    simulated.strike(mishap, machine)
    return true
  } catch {
    return false
  }
}
