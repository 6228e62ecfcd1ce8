import { estimate, hourlyCost, type Offer } from "@anygpu/core"
import * as Duration from "effect/Duration"
import type { Note } from "./contender.ts"
import { diskOf } from "./market.ts"
import { costOf, offerOf } from "./meter.ts"
import type { Job, Scenario } from "./scenario.ts"
import { jobOfMachine, type Machine, type World } from "./world.ts"

const minute = 60_000

/** How long after its time a machine with a holder may be asked to end. */
const slack = 4 * minute

/** What an offer costs per hour, in micro-units, with the disk that is asked for. */
const hourlyOf = (offer: Offer): number => {
  const diskMiB = diskOf(offer)
  return hourlyCost({ offer, ...(diskMiB !== null && { diskMiB }) })?.micros ?? 0
}

/** What a job comes to on an offer, in micro-units: from a moment on, or from the worst one against the cloud's clock. */
const wholeCostOf = (offer: Offer, { minutes }: Pick<Job, "minutes">, at?: number): number => {
  const storageMiB = diskOf(offer)
  const disk = storageMiB === null ? {} : { storageMiB }
  const start = at === undefined ? {} : { startAt: new Date(at) }
  return estimate(offer, { duration: Duration.minutes(minutes), ...start, ...disk })?.total.micros ?? 0
}

/** For how many minutes a lease lasts that its money may cut short: its end is asked for a minute before that is spent. */
const leasedMinutes = (offer: Offer, { minutes }: Job, most: number, at: number): number => {
  const isPaid = (seconds: number) => wholeCostOf(offer, { minutes: (seconds + 60) / 60 }, at) <= most
  let [paid, beyond] = [0, minutes * 60 + 1]
  while (beyond - paid > 1) {
    const middle = Math.floor((paid + beyond) / 2)
    if (isPaid(middle)) paid = middle
    else beyond = middle
  }
  return Math.min(minutes, beyond / 60)
}

/** The dearest offer that a job may be launched on: the first one, or of several the four that cost the job least. */
const dearest = (job: Job, { offers }: Note, cost: (offer: Offer) => number): number => {
  const wide = job.form === "anywhere" || job.form === "race"
  const ranked = [...offers].sort((a, b) => wholeCostOf(a, job) - wholeCostOf(b, job))
  return Math.max(0, ...(wide ? ranked.slice(0, 4) : offers.slice(0, 1)).map(cost))
}

/** The limits of a run, in micro-units; null for no limit. */
export interface Limits {
  readonly perHour: number | null
  readonly total: number | null
  /** What each job may cost, by its name. */
  readonly ofJob: ReadonlyMap<string, number>
}

/** What the limits of a scenario come to on its market. */
export const limitsOf = ({ jobs, budget }: Scenario, notes: ReadonlyMap<string, Note>): Limits => {
  const each = (cost: (offer: Offer, job: Job) => number) =>
    jobs.map((job) => {
      const note = notes.get(job.name)
      const atOnce = job.form === "race" ? 2 : 1
      return note ? atOnce * dearest(job, note, (offer) => cost(offer, job)) : 0
    })
  const within = (most: "all" | "one" | null, costs: ReadonlyArray<number>) => {
    if (most === null) return null
    return most === "all" ? costs.reduce((sum, cost) => sum + cost, 0) : Math.max(...costs)
  }
  const whole = each((offer, job) => wholeCostOf(offer, job))
  return {
    perHour: within(budget.perHour, each(hourlyOf)),
    total: within(budget.total, whole),
    ofJob: new Map(
      jobs.flatMap(({ name, most }, index) => (most === null ? [] : [[name, Math.ceil((whole[index] ?? 0) * most)]]))
    )
  }
}

/** Watches over what must not happen while a run goes on. */
export interface Judge {
  /** A program asks for the end of this machine. */
  asks(id: string): void
  /** A program leases a machine now. */
  leases(job: Job): void
  /** Limits that were passed. */
  readonly exceeded: ReadonlyArray<string>
}

/** Judges a run by the truth of its clouds. */
export const createJudge = (
  scenario: Scenario,
  world: World,
  notes: ReadonlyMap<string, Note>,
  limits: Limits
): Judge => {
  const asked = new Set<string>()
  const exceeded: string[] = []
  const firstAsked = new Set<string>()
  const leases = new Map<string, { readonly at: number; readonly wall: number }>()
  const jobOf = (machine: Machine) => scenario.jobs.find(({ name }) => name === jobOfMachine(machine))
  const exceed = (text: string) => {
    world.note(text)
    exceeded.push(text)
  }

  /** What a machine is sure to come to, as far as the next launch can know. */
  const boundTo = (machine: Machine, isNew = false): number => {
    const job = jobOf(machine)
    const offer = offerOf(notes.get(job?.name ?? ""), machine)
    const isLive = machine.isAlive && !machine.isEnding
    const most = job?.form === "lease" ? limits.ofJob.get(job.name) : undefined
    const lasts = job && offer && most !== undefined ? leasedMinutes(offer, job, most, machine.madeAt) : job?.minutes
    const whole = offer && lasts !== undefined ? wholeCostOf(offer, { minutes: lasts }, machine.madeAt) : 0
    // One that is found long after it was made, by an answer that never came, is judged as when it was made.
    if (isNew) return whole
    // What was rented for a time and ran on, since nobody lived to end it, was never bound for longer.
    if (job?.form === "ttl" || job?.form === "lease") return isLive ? whole : Math.min(costOf(machine), whole)
    return isLive ? Math.max(costOf(machine), whole) : costOf(machine)
  }
  const checkLimit = (what: string, most: number | null | undefined, sum: number) => {
    if (most == null || sum <= most) return
    exceed(`${what}: ${sum} micros are bound, ${most} are allowed`)
  }
  const made = (machine: Machine) => {
    const all = world.machines()
    const job = jobOf(machine)
    if (!job) return
    const live = all.filter(({ isAlive, isEnding }) => isAlive && !isEnding)
    const hourly = live.map((one) => offerOf(notes.get(jobOfMachine(one)), one)).map((of) => (of ? hourlyOf(of) : 0))
    const add = (sum: number, cost: number) => sum + cost
    const sumOf = (some: ReadonlyArray<Machine>) =>
      some.map((one) => boundTo(one, one.id === machine.id)).reduce(add, 0)
    checkLimit(`spendLimit.perHour with ${machine.cloud} ${machine.id}`, limits.perHour, hourly.reduce(add, 0))
    checkLimit(`spendLimit.total with ${machine.cloud} ${machine.id}`, limits.total, sumOf(all))
    if (job.form !== "anywhere") return
    const own = all.filter((one) => jobOfMachine(one) === job.name)
    checkLimit(`maxTotal of ${job.name} with ${machine.cloud} ${machine.id}`, limits.ofJob.get(job.name), sumOf(own))
  }

  /** A lease whose holder lived on undisturbed ends in time, and within its money. */
  const checkLease = (machine: Machine, job: Job) => {
    if (firstAsked.has(machine.id) || notes.get(job.name)?.machine !== machine.id) return
    firstAsked.add(machine.id)
    if (job.form !== "lease" || world.strikes.has("processes killed") || world.strikes.has("processes frozen")) return
    const stayed = world.clock.now() - machine.madeAt
    if (stayed > job.minutes * minute + slack) {
      exceed(`${machine.cloud} ${machine.id} of ${job.name} stayed ${stayed / minute} minutes of ${job.minutes}`)
    }
    checkLimit(`maxTotal of the lease ${job.name}`, limits.ofJob.get(job.name), costOf(machine))
  }

  const isOver = (job: Job): boolean => {
    const lease = leases.get(job.name)
    const millis = job.minutes * minute
    if (!lease) return false
    // What pays for less than the whole time ends it sooner.
    if (limits.ofJob.has(job.name)) return true
    // Whichever clock says so first ends it: also one that was ahead when another process took the lease over.
    return world.ahead() >= lease.at + millis - minute || world.wall() >= lease.wall + millis - minute
  }
  const ended = (machine: Machine) => {
    const job = jobOf(machine)
    if (!job) {
      world.wrongEnds.push(`${machine.cloud} ${machine.id} of somebody else was ended`)
      return
    }
    const note = notes.get(job.name)
    const isTheirs = note?.machine === machine.id && !note.over
    if (!isTheirs || asked.has(machine.id) || isOver(job)) return
    world.note(`${machine.cloud} ${machine.id} is ended, and nobody asked for it`)
    world.wrongEnds.push(`${machine.cloud} ${machine.id} was in use by ${job.name} and was ended unasked`)
  }
  world.watch({
    made,
    ended,
    asked: (machine) => {
      const job = jobOf(machine)
      if (job) checkLease(machine, job)
    }
  })
  return {
    exceeded,
    asks: (id) => void asked.add(id),
    leases: (job) => {
      if (!leases.has(job.name)) leases.set(job.name, { at: world.clock.now(), wall: world.wall() })
    }
  }
}
