import { createRandom, type Random } from "@anygpu/simulators"
import { cloudNames } from "../cloud-list.ts"
import { type Planned, planFaults } from "./faults.ts"
import { type CloudStall, stalls } from "./market.ts"
import { planStrokes, type Stroke } from "./strokes.ts"

/**
 * How a machine is asked for.
 *
 * - `launch`: on one offer, until it is terminated. `ttl`: the same, and only a sweep ends it. `lease`: with a holder.
 * - `anywhere`: on the best of several offers; for an even number of minutes the launch does not wait until it is ready.
 *   `race`: two at once, of which the first ready one is kept.
 */
export type Form = "launch" | "ttl" | "lease" | "anywhere" | "race"

/** One thing that a user wants done on one machine. */
export interface Job {
  readonly name: string
  readonly form: Form
  /** Where it may run: one stall, or several for `anywhere` and `race`. */
  readonly stalls: readonly [CloudStall, ...CloudStall[]]
  readonly minutes: number
  /** How often the machine is stopped and started again. */
  readonly cycles: number
  /** What it may cost, as a share of what its dearest offer comes to; null without a limit. */
  readonly most: number | null
}

/** What becomes of a process at one of its steps: it is killed, or frozen for so many seconds while the next one begins. */
export interface Blow {
  readonly at: number
  readonly frozenFor: number | null
}

/** Writes of a process to its ledger that fail: before they took place, or after. */
export interface BrokenWrites {
  /** Which process, from 0. */
  readonly life: number
  /** Its first write that fails, from 1. */
  readonly from: number
  readonly times: number
  readonly tookPlace: boolean
}

/** The wall clock of the user's computer is set: so many seconds after the start, by so many milliseconds. */
export interface Jump {
  readonly after: number
  readonly by: number
}

/** A limit for the whole client: for all its jobs at once, or for the dearest of them alone. */
export type Budget = "all" | "one" | null

/** A user's whole day, as it is drawn from a seed. */
export interface Scenario {
  readonly seed: number
  readonly jobs: ReadonlyArray<Job>
  readonly watched: boolean
  readonly faults: ReadonlyArray<Planned>
  readonly strokes: ReadonlyArray<Stroke>
  /** What becomes of each process; the one after the last of them lives. */
  readonly blows: ReadonlyArray<Blow>
  /** Seconds from a blow to the next process. */
  readonly restarts: ReadonlyArray<number>
  readonly brokenWrites: ReadonlyArray<BrokenWrites>
  readonly jumps: ReadonlyArray<Jump>
  /** The client's limits per hour and in total. */
  readonly budget: { readonly perHour: Budget; readonly total: Budget }
  readonly clouds: ReadonlyArray<string>
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
  const isLimited = (form === "lease" || isWide) && random.next() < 0.5
  const most = isLimited ? random.pick([1, 1.1, 1.5]) : null
  return { name, form, stalls: [first, ...others], minutes: random.integer(5, first.most), cycles, most }
}

const blowOf = (random: Random): Blow => ({
  at: random.integer(1, random.pick([20, 60, 160])),
  frozenFor: random.next() < 0.45 ? random.pick([4, 40, 200, 420, 600, 1500, 8000]) : null
})

const brokenWritesOf = (random: Random): BrokenWrites => ({
  ...{ life: random.integer(0, 1), from: random.integer(1, 14), times: random.pick([1, 1, 2, 5]) },
  tookPlace: random.next() < 0.3
})

const hour = 3_600_000
const jumpsOf = (random: Random): ReadonlyArray<Jump> => {
  const first: Jump = {
    after: random.integer(0, random.pick([60, 600, 5400])),
    by: random.pick([-5 * hour, -5 * hour, 480_000, 480_000, -3 * 24 * hour, 2 * 24 * hour])
  }
  // Now and then somebody notices.
  return random.next() < 0.4 ? [first, { after: first.after + random.integer(30, 3600), by: -first.by }] : [first]
}

const most = (random: Random, share: number): Budget => (random.next() < share ? random.pick(["all", "one"]) : null)

/** The scenario of a seed. */
export const scenarioOf = (seed: number): Scenario => {
  const random = createRandom(seed)
  const jobs = Array.from({ length: random.next() < 0.7 ? 1 : 2 }, (_, index) => jobOf(random, index))
  const clouds = cloudNames.filter((cloud) => jobs.some((job) => job.stalls.some((stall) => stall.cloud === cloud)))
  const pace = random.integer(1, 30)
  const blows = Array.from({ length: random.integer(0, 3) }, () => blowOf(random))
  const isBounded = jobs.every(({ form }) => form !== "launch")
  return {
    ...{ seed, jobs, clouds, pace, blows },
    watched: random.next() < 0.4 && jobs.every(({ minutes }) => minutes <= 60),
    faults: clouds.flatMap((cloud) => planFaults(random, cloud)),
    strokes: clouds.flatMap((cloud) => planStrokes(random, cloud, pace)),
    restarts: blows.map(() => random.pick([1, 5, 20, 90, 400, 1800])),
    brokenWrites: Array.from({ length: random.next() < 0.35 ? random.integer(1, 2) : 0 }, () => brokenWritesOf(random)),
    jumps: random.next() < 0.25 ? jumpsOf(random) : [],
    budget: { perHour: most(random, 0.4), total: isBounded ? most(random, 0.5) : null }
  }
}
