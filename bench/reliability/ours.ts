import { type Cloud, type Instance, type InstanceRef, isGpuError, type Kind } from "@anygpu/core"
import { createGpu, type Launched } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import * as Effect from "effect/Effect"
import type { Contender, Life, Note } from "./contender.ts"
import { type CloudName, diskMiB, type Mutate, mutated, optionsFor, providersOf } from "./market.ts"
import type { Job } from "./scenario.ts"

const minute = 60_000

/** How long a careful program goes on asking a cloud that is out of order, half a minute from one time to the next. */
const patience = 200

const beforeRunning: ReadonlySet<string> = new Set(["running", "starting", "provisioning", "pending"])

/** One process of the program on a ledger that outlives it. */
const startProgram = ({ world, scenario, mortal, notes, file, over }: Life, mutate: Mutate) => {
  const ledger = sqliteLedger(file)
  void mortal.death.then(ledger.close)
  const providers: ReadonlyArray<Cloud> = providersOf(world.clouds, mortal.send).filter(({ name }) =>
    scenario.clouds.some((cloud) => cloud === name)
  )
  const gpu = createGpu({
    providers: providers.map((cloud) => mutated(cloud, mutate)),
    clock: mortal.clock,
    ledger: mortal.ledger(ledger)
  })
  const pause = (ms: number) => mortal.clock.sleep(ms)

  /** Holds what is said of a machine against the truth. */
  const told = (instance: Instance): Instance => {
    if (instance.status !== "running") return instance
    const { ref, observedAt, view } = instance
    world.claim({
      cloud: ref.provider as CloudName,
      id: ref.id,
      at: observedAt.epochMilliseconds,
      summary: view === "summary"
    })
    return instance
  }

  /** Asks until it is done, as a careful program does; for an end it takes no refusal. */
  const again = async <A>(what: string, run: () => Promise<A>, takesNo = true): Promise<A> => {
    for (let turn = 1; ; turn++) {
      try {
        return await run()
      } catch (error) {
        if (!isGpuError(error)) throw error
        world.note(`${what}: ${error._tag} ${error.message}`)
        if ((takesNo && error.retry === "permanent") || turn >= patience) throw error
      }
      await pause(30_000)
    }
  }
  const end = (ref: InstanceRef) => again(`terminate ${ref}`, () => gpu.terminate(ref), false)
  /** What an error of a launch names is ended before anything else is tried. */
  const rent = <A>(what: string, launch: () => Promise<A>): Promise<A> =>
    again(what, async () => {
      try {
        return await launch()
      } catch (error) {
        for (const ref of (isGpuError(error) && error.leftovers) || []) await end(ref)
        throw error
      }
    })

  const sweep = async (): Promise<boolean> => {
    const now = world.clock.now()
    const leases = await Effect.runPromise(ledger.launches({ leased: true, states: ["created"] }))
    const due = leases.filter(({ leaseUntil }) => leaseUntil !== null && leaseUntil <= now)
    const { failed, kept } = await again("sweep", () => gpu.sweep())
    const alive = new Set(world.machines().flatMap(({ id, isAlive }) => (isAlive ? [id] : [])))
    if (failed.length > 0) return false
    for (const { provider, instanceId } of due) {
      if (instanceId && alive.has(instanceId)) world.wrong(`${provider} ${instanceId} outlived its lease by a sweep`)
    }
    return kept.length === 0
  }
  /** Sweeps every now and then, as a timer would, until nothing is leased. */
  const sweepAll = async ({ minutes }: Job) => {
    while (!(await sweep())) await pause(Math.max(5, minutes / 5) * minute)
  }

  const steer = (ref: InstanceRef, action: "start" | "stop") =>
    again(`${action} ${ref}`, async () => {
      const { status } = told(await gpu.get(ref))
      if (action === "stop" ? status === "stopping" || status === "stopped" : beforeRunning.has(status)) return
      if (status === "stopping") await gpu.waitFor(ref, "stopped")
      await gpu.act(ref, action)
    })
  const ready = async (ref: InstanceRef) => told(await again(`wait for ${ref}`, () => gpu.waitUntilReady(ref)))

  const use = async (job: Job, note: Note, { ref, status }: Instance) => {
    note.machine = ref.id
    note.until ??= world.clock.now() + job.minutes * minute
    await mortal.step("notes the machine")
    if (status === "terminating" || status === "terminated" || status === "failed") return
    await steer(ref, "start").catch((error: unknown) => world.note(`not started: ${error}`))
    await ready(ref)
    for (let cycle = 0; cycle < job.cycles && world.clock.now() < note.until; cycle++) {
      await steer(ref, "stop")
      told(await again(`see ${ref} stopped`, () => gpu.waitFor(ref, "stopped")))
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

  const anywhere = async (job: Job, note: Note, strategy: "order" | "race"): Promise<Launched> => {
    const kinds = [...new Set(job.stalls.map(({ kind }) => kind))] as ReadonlyArray<Kind>
    const work = { duration: ttl(job), storageMiB: diskMiB }
    const { candidates } = await again("compare", () => gpu.compare({ job: work, kind: kinds }))
    return gpu.launch({
      ...{ job: work, name: job.name, strategy, adapt: optionsFor },
      ...(strategy === "order" && { key: job.name }),
      candidates: candidates
        .filter(({ offer: { id, kind } }) => note.offers.some((offer) => offer.id === id && offer.kind === kind))
        .slice(0, 4)
    })
  }

  /** A race has no key: what an earlier process left of it is ended first. */
  const clear = async ({ name }: Job) => {
    await again("recover", () => gpu.recover())
    const { claimed, lost } = await again("audit", async () => {
      const found = await gpu.audit()
      if (!found.complete) throw found.problems[0]?.error
      return found
    })
    const there = claimed.map(({ machine, launch }) => ({ ref: machine.ref, launch }))
    for (const { ref, launch } of [...there, ...lost]) if (launch.name === name) await end(ref)
  }

  const work: Readonly<Record<Job["form"], (job: Job, note: Note) => Promise<void>>> = {
    launch: async (job, note) => {
      const machine = told(await rent("launch", () => gpu.launch(specOf(job, note))))
      await use(job, note, machine)
      await end(machine.ref)
    },
    ttl: async (job, note) => {
      await use(job, note, told(await rent("launch", () => gpu.launch({ ...specOf(job, note), ttl: ttl(job) }))))
      await sweepAll(job)
    },
    lease: async (job, note) => {
      const lease = await rent("lease", () => gpu.lease(specOf(job, note), { ttl: ttl(job) }))
      note.machine = lease.ref.id
      note.until = lease.until.epochMilliseconds
      await mortal.step("notes the lease")
      const left = note.until - world.clock.now()
      // Some end it early; some work on and on, and it ends by itself.
      await pause(job.minutes % 2 === 0 ? Math.max(0, left * 0.6) : Math.max(0, left + 3 * minute))
      await lease[Symbol.asyncDispose]().catch((error: unknown) => world.note(`not disposed: ${error}`))
      await sweepAll(job)
    },
    anywhere: async (job, note) => {
      const { instance } = await rent("launch anywhere", () => anywhere(job, note, "order"))
      await use(job, note, told(instance))
      await end(instance.ref)
    },
    race: async (job, note) => {
      await clear(job)
      const { instance, unended } = await rent("race", () => anywhere(job, note, "race"))
      for (const ref of unended.flatMap(({ leftovers = [] }) => leftovers)) await end(ref)
      await use(job, note, told(instance))
      await end(instance.ref)
    }
  }

  const doJob = async (job: Job) => {
    const note = notes.get(job.name)
    if (!note || note.over) return
    try {
      await work[job.form](job, note)
      over(job)
    } catch (error) {
      if (!isGpuError(error)) throw error
      world.note(`${job.name} ends with ${error._tag}: ${error.message}`)
      // What had a machine is over; what was refused never gets one.
      await clear(job)
      await sweepAll(job)
      over(job, note.machine === null ? `${error._tag}: ${error.message}` : undefined)
    }
    await mortal.step(`notes that ${job.name} is over`)
  }

  const watch = async (signal: AbortSignal) => {
    for await (const change of gpu.watch({ signal })) {
      if ("instance" in change && change.type !== "vanished") told(change.instance)
    }
  }
  return { gpu, ledger, again, sweep, doJob, watch }
}

/** The SDK as a careful user drives it; `mutate` breaks its providers on purpose. */
export const anygpu = (mutate: Mutate = (provider) => provider): Contender => ({
  name: "anygpu",
  walks: true,
  live: async (life) => {
    const { gpu, ledger, again, doJob, watch } = startProgram(life, mutate)
    const { scenario, world } = life
    const over = new AbortController()
    const watching = scenario.watched
      ? watch(over.signal).catch((error: unknown) => {
          if (!over.signal.aborted) world.wrong(`the watch failed: ${error}`)
        })
      : Promise.resolve()
    await again("recover", () => gpu.recover())
    await Promise.all(scenario.jobs.map(doJob))
    over.abort()
    await watching
    ledger.close()
  },
  settle: async (life) => {
    const { gpu, ledger, again, sweep } = startProgram(life, mutate)
    await again("recover", () => gpu.recover())
    if (!(await sweep())) life.world.wrong("a sweep without faults leaves leases")
    const { complete, claimed, unclaimed, overdue, lost, unsettled } = await gpu.audit()
    const launches = await Effect.runPromise(ledger.launches())
    const known = new Set(launches.map(({ instanceId }) => instanceId))
    for (const [name, note] of life.notes) {
      note.launched = launches.flatMap((launch) => (launch.name === name ? (launch.instanceId ?? []) : []))
    }
    for (const { cloud, id } of life.world.machines()) {
      const isNamed = known.has(id) || unclaimed.some(({ ref }) => ref.id === id)
      if (!isNamed) life.world.wrong(`${cloud} ${id} is known to nobody`)
    }
    ledger.close()
    return [
      ...(complete ? [] : ["the audit is incomplete without faults"]),
      ...[...claimed.map(({ machine }) => machine), ...unclaimed].map(({ ref }) => `the audit shows ${ref}`),
      ...overdue.map(({ ref }) => `${ref} is overdue`),
      ...lost.map(({ ref }) => `${ref} is lost`),
      ...unsettled.map(({ marker }) => `launch ${marker} is unsettled`)
    ]
  }
})
