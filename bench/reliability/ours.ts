import { type Instance, InstanceRef, isGpuError, type Kind } from "@anygpu/core"
import type { Launched } from "anygpu"
import * as Effect from "effect/Effect"
import { diskMiB } from "../cloud.ts"
import type { Contender, Life, Note } from "./contender.ts"
import { optionsFor } from "./market.ts"
import { type Breakage, type Program, startProgram } from "./program.ts"
import type { Job } from "./scenario.ts"

const minute = 60_000

/** Does a job, each form in its own way. */
const workOf = (life: Life, program: Program) => {
  const { world, mortal, judge, limits } = life
  const { gpu, seen, again, insist, pause, end, endNamed, rent, sweepAll, steer, ready, clear } = program

  const use = async (job: Job, note: Note, { ref, status }: Instance) => {
    program.got(job, ref.id)
    note.until ??= world.clock.now() + job.minutes * minute
    await mortal.step("notes the machine")
    if (status === "terminating" || status === "terminated" || status === "failed") return
    await steer(ref, "start").catch((error: unknown) => world.note(`not started: ${error}`))
    await ready(ref)
    for (let cycle = 0; cycle < job.cycles && world.clock.now() < note.until; cycle++) {
      await steer(ref, "stop")
      seen(await again(`see ${ref} stopped`, () => gpu.waitFor(ref, "stopped")))
      await pause(5 * minute)
      await steer(ref, "start")
      await ready(ref)
    }
    await pause(Math.max(0, note.until - world.clock.now()))
  }

  const specOf = (job: Job, note: Note) => {
    const [offer] = note.offers
    if (!offer) throw new Error(`${job.name} has no offer`)
    return { offer, name: job.name, key: job.name, ...optionsFor(offer) }
  }
  const ttl = ({ minutes }: Job) => `${minutes} minutes` as const
  const maxTotal = ({ name }: Job) => {
    const micros = limits.ofJob.get(name)
    return micros === undefined ? {} : { maxTotal: { micros, currency: "USD" as const } }
  }

  const anywhere = async (job: Job, note: Note, strategy: "order" | "race"): Promise<Launched> => {
    const kinds = [...new Set(job.stalls.map(({ kind }) => kind))] as ReadonlyArray<Kind>
    const work = { duration: ttl(job), storageMiB: diskMiB }
    const { candidates } = await insist("compare", () => gpu.compare({ job: work, kind: kinds }))
    return gpu.launch({
      ...{ job: work, name: job.name, strategy, adapt: optionsFor, limits: maxTotal(job) },
      // Some do not wait for their machine in the launch.
      ...(strategy === "order" && { key: job.name, until: job.minutes % 2 === 0 ? "created" : "ready" }),
      candidates: candidates
        .filter(({ offer: { id, kind } }) => note.offers.some((offer) => offer.id === id && offer.kind === kind))
        .slice(0, 4)
    })
  }

  const work: Readonly<Record<Job["form"], (job: Job, note: Note) => Promise<void>>> = {
    launch: async (job, note) => {
      const machine = seen(await rent(job, () => gpu.rent(specOf(job, note))))
      await use(job, note, machine)
      await end(machine.ref)
    },
    ttl: async (job, note) => {
      judge.leases(job)
      await use(job, note, seen(await rent(job, () => gpu.rent({ ...specOf(job, note), ttl: ttl(job) }))))
      await sweepAll(job)
    },
    lease: async (job, note) => {
      judge.leases(job)
      const from = world.clock.now()
      const options = { ttl: ttl(job), ...maxTotal(job) }
      const lease = await rent(job, () => gpu.lease(specOf(job, note), options))
      program.got(job, lease.ref.id)
      note.until ??= from + job.minutes * minute
      await mortal.step("notes the lease")
      const left = note.until - world.clock.now()
      // Some end it early; some work on and on, and it ends by itself.
      const early = job.minutes % 2 === 0
      await pause(Math.max(0, early ? left * 0.6 : left + 3 * minute))
      if (early) judge.asks(lease.ref.id)
      await lease[Symbol.asyncDispose]().catch((error: unknown) => world.note(`not disposed: ${error}`))
      await sweepAll(job)
    },
    anywhere: async (job, note) => {
      const { instance } = await rent(job, () => anywhere(job, note, "order"))
      await use(job, note, seen(instance))
      await end(instance.ref)
    },
    race: async (job, note) => {
      // A race has no key: what an earlier one left unsettled is cleared before each try, as its error says.
      const { instance, leftoverErrors } = await rent(job, async () => {
        await clear(job)
        return anywhere(job, note, "race")
      })
      await endNamed(
        job,
        leftoverErrors.flatMap(({ leftovers = [] }) => leftovers)
      )
      await use(job, note, seen(instance))
      await end(instance.ref)
    }
  }
  return work
}

const doJobs = async (life: Life, program: Program): Promise<void> => {
  const { world, scenario, mortal, notes, over } = life
  const { clear, sweepAll } = program
  const work = workOf(life, program)
  const doJob = async (job: Job) => {
    const note = notes.get(job.name)
    if (!note || note.over) return
    note.workers.add(mortal)
    try {
      await work[job.form](job, note)
      over(job)
    } catch (error) {
      if (!isGpuError(error)) throw error
      world.note(`${job.name} ends with ${error._tag}: ${error.message}`)
      // Another process that was frozen meanwhile may have the machine that this one was refused.
      const isOthers = () => note.machine !== null && !program.has(note.machine)
      if (isOthers()) return
      // What had a machine is over; what was refused never gets one.
      await clear(job)
      await sweepAll(job)
      note.workers.delete(mortal)
      // Who is at it still, under the same key, says what comes of it; where that one dies, the next process does.
      if (isOthers() || [...note.workers].some((one) => !one.isDead())) return
      over(job, note.machine === null ? `${error._tag}: ${error.message}` : undefined)
    }
    await mortal.step(`notes that ${job.name} is over`)
  }
  await Promise.all(scenario.jobs.map(doJob))
}

/** What is left in the end, by the ledger and the accounts. */
const takeStock = async ({ world, notes }: Life, { gpu, ledger, end }: Program): Promise<ReadonlyArray<string>> => {
  // A ledger that could not note an end takes a machine for lost, as its end had said: asking again notes it.
  for (const { ref } of (await gpu.audit()).lost) await end(ref)
  const { complete, claimed, unclaimed, overdue, lost, unsettled } = await gpu.audit()
  const launches = await Effect.runPromise(ledger.launches())
  const known = new Set(launches.map(({ instanceId }) => instanceId))
  for (const [name, note] of notes) {
    note.launched = launches.flatMap((launch) => (launch.name === name ? (launch.instanceId ?? []) : []))
  }
  // What has ended by itself before anybody could look has no id in the ledger: its launch stays paid for.
  for (const { name, marker } of launches.filter(({ state }) => state === "lapsed")) {
    for (const machine of world.machines()) if (machine.name.includes(marker)) notes.get(name)?.named.add(machine.id)
  }
  for (const { cloud, kind, id } of world.machines()) {
    // One whose launch could not be noted, and that was ended since, is among the machines of the ledger.
    const isNamed =
      known.has(id) ||
      (await Effect.runPromise(ledger.machine(new InstanceRef(cloud, kind, id)))) !== null ||
      unclaimed.some(({ ref }) => ref.id === id) ||
      [...notes.values()].some(({ named }) => named.has(id))
    if (!isNamed) world.wrong(`${cloud} ${id} is known to nobody`)
  }
  const strangers = new Set(world.strangers().map(({ id }) => id))
  const own = unclaimed.filter(({ ref }) => !strangers.has(ref.id))
  return [
    ...(complete ? [] : ["the audit is incomplete without faults"]),
    ...[...claimed.map(({ machine }) => machine), ...own]
      .filter(({ status, billing }) => status !== "failed" || billing !== "none")
      .map(({ ref }) => `the audit shows ${ref}`),
    ...overdue.map(({ ref }) => `${ref} is overdue`),
    ...lost.map(({ ref }) => `${ref} is lost`),
    // What was written when the clock was ahead cannot be judged before that time has come.
    ...unsettled.filter(({ at }) => at <= world.wall()).map(({ marker }) => `launch ${marker} is unsettled`)
  ]
}

/** The SDK as a careful user drives it, broken on purpose where that is asked for. */
export const anygpu = (broken: Breakage = {}): Contender => ({
  name: "anygpu",
  walks: true,
  live: async (life) => {
    const program = startProgram(life, broken)
    const { scenario, world } = life
    const over = new AbortController()
    const watching = scenario.watched
      ? program.watch(over.signal).catch((error: unknown) => {
          if (!over.signal.aborted) world.wrong(`the watch failed: ${error}`)
        })
      : Promise.resolve()
    await program.insist("recover", () => program.gpu.recover())
    await doJobs(life, program)
    over.abort()
    await watching
    program.ledger.close()
  },
  settle: async (life) => {
    const program = startProgram(life, broken)
    await program.insist("recover", () => program.gpu.recover())
    for (const job of life.scenario.jobs) {
      if (life.notes.get(job.name)?.over) continue
      await program.clear(job)
      life.over(job)
    }
    if (!(await program.sweep())) life.world.wrong("a sweep without faults leaves leases")
    const left = await takeStock(life, program)
    program.ledger.close()
    return left
  }
})
