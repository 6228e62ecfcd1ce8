import { createRandom, type Random } from "@anygpu/simulators"
import { type Planned, planFaults } from "./faults.ts"
import { type CloudName, cloudNames, type Stall, stalls } from "./market.ts"

/**
 * How a machine is asked for.
 *
 * - `launch`: on one offer, until it is terminated. `ttl`: the same, and only a sweep ends it. `lease`: with a holder.
 * - `anywhere`: on the best of several offers. `race`: two at once, of which the first ready one is kept.
 */
export type Form = "launch" | "ttl" | "lease" | "anywhere" | "race"

/** One thing that a user wants done on one machine. */
export interface Job {
  readonly name: string
  readonly form: Form
  /** Where it may run: one stall, or several for `anywhere` and `race`. */
  readonly stalls: readonly [Stall, ...Stall[]]
  readonly minutes: number
  /** How often the machine is stopped and started again. */
  readonly cycles: number
}

/** A user's whole day, as it is drawn from a seed. */
export interface Scenario {
  readonly seed: number
  readonly jobs: ReadonlyArray<Job>
  readonly watched: boolean
  readonly faults: ReadonlyArray<Planned>
  /** At which of its steps each process is killed; the one after the last of them lives. */
  readonly kills: ReadonlyArray<number>
  /** Seconds from a kill to the next process. */
  readonly restarts: ReadonlyArray<number>
  readonly clouds: ReadonlyArray<CloudName>
  /** Whole seconds that each phase of a boot takes. */
  readonly pace: number
}

/** Each as often as it stands here. */
const forms = [
  ...Array<Form>(10).fill("launch"),
  ...Array<Form>(3).fill("ttl"),
  ...Array<Form>(3).fill("lease"),
  ...Array<Form>(3).fill("anywhere")
]

const jobOf = (random: Random, index: number): Job => {
  const form: Form = random.pick(["race", ...forms])
  const first = random.pick(stalls)
  const isWide = form === "anywhere" || form === "race"
  const others = isWide ? stalls.filter(({ cloud, kind }) => cloud !== first.cloud && kind !== "cpu-vm") : []
  const cycles = form === "launch" && first.powers && random.next() < 0.4 ? random.integer(1, 2) : 0
  const name = `j${index + 1}`
  return { name, form, stalls: [first, ...others], minutes: random.integer(5, first.most), cycles }
}

/** The scenario of a seed. */
export const scenarioOf = (seed: number): Scenario => {
  const random = createRandom(seed)
  const jobs = Array.from({ length: random.next() < 0.7 ? 1 : 2 }, (_, index) => jobOf(random, index))
  const clouds = cloudNames.filter((cloud) => jobs.some((job) => job.stalls.some((stall) => stall.cloud === cloud)))
  const kills = Array.from({ length: random.integer(0, 3) }, () => random.integer(1, random.pick([12, 30, 80])))
  return {
    seed,
    jobs,
    watched: random.next() < 0.4 && jobs.every(({ minutes }) => minutes <= 60),
    faults: clouds.flatMap((cloud) => planFaults(random, cloud)),
    kills,
    restarts: kills.map(() => random.pick([1, 5, 20, 90, 400, 1800])),
    clouds,
    pace: random.integer(1, 30)
  }
}
