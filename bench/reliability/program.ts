import {
  type Cloud,
  type GpuError,
  type Instance,
  type InstanceRef,
  isGpuError,
  type Ledger,
  type Money,
  type PlainClock
} from "@anygpu/core"
import { createGpu } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import * as Effect from "effect/Effect"
import type { Life } from "./contender.ts"
import { type Mutate, mutated, providersOf } from "./market.ts"
import type { Job } from "./scenario.ts"

const minute = 60_000

/** How long a careful program goes on asking a cloud that is out of order, half a minute from one time to the next. */
const patience = 200

/** How often it asks for a machine, and how often it waits for one to come up. */
const tries = { rent: 20, ready: 2 }

const beforeRunning: ReadonlySet<string> = new Set(["running", "starting", "provisioning", "pending"])

const dollars = (micros: number): Money => ({ micros, currency: "USD" })

/** What is broken on purpose, to see that the run finds it. */
export interface Breakage {
  readonly provider?: Mutate
  readonly ledger?: (ledger: Ledger) => Ledger
  readonly clock?: (clock: PlainClock) => PlainClock
}

const asItIs = <A>(value: A): A => value

/** One process of a careful user's program, on a ledger that outlives it. */
export const startProgram = (life: Life, broken: Breakage) => {
  const { provider: mutate = asItIs, ledger: ofLedger = asItIs, clock: ofClock = asItIs } = broken
  const { world, scenario, mortal, limits, judge } = life
  const ledger = sqliteLedger(life.file)
  void mortal.death.then(ledger.close)
  /** What is noted as gone is believed gone. */
  const watched: Ledger = {
    ...ledger,
    gone: (ref, at) =>
      Effect.andThen(
        Effect.sync(() => world.believedGone(ref.provider, ref.id, `${mortal.name} notes it as gone`)),
        ledger.gone(ref, at)
      )
  }
  const providers: ReadonlyArray<Cloud> = providersOf(world.clouds, mortal.send).filter(({ name }) =>
    scenario.clouds.some((cloud) => cloud === name)
  )
  const { perHour, total } = limits
  const gpu = createGpu({
    clouds: providers.map((cloud) => mutated(cloud, mutate)),
    clock: ofClock(mortal.clock),
    ledger: ofLedger(mortal.ledger(watched)),
    spendLimit: {
      ...(perHour !== null && { perHour: dollars(perHour) }),
      ...(total !== null && { total: dollars(total) })
    }
  })
  const pause = (ms: number) => mortal.clock.sleep(ms)

  /** The machines that answers gave this process for its own. */
  const own = new Set<string>()
  const got = (job: Job, id: string) => {
    own.add(id)
    life.got(job, id)
  }
  const has = (id: string) => own.has(id)

  /** Holds what is said of a machine against the truth. */
  const seen = (instance: Instance): Instance => {
    const { ref, status, observedAt, view } = instance
    const at = observedAt.epochMilliseconds
    if (status === "terminated")
      world.believedGone(ref.provider, ref.id, `${mortal.name} got the answer that it is terminated`)
    // What was read before it stood still is dated when it went on.
    if (status !== "running" || at === mortal.resumedAt()) return instance
    world.claim({ cloud: ref.provider, id: ref.id, at, summary: view === "summary" })
    return instance
  }

  /** Asks until it is done, whatever is said meanwhile: for ends, and for what only reads. */
  const insist = async <A>(
    what: string,
    run: () => Promise<A>,
    isFinal = (_: GpuError) => false,
    most = patience
  ): Promise<A> => {
    for (let turn = 1; ; turn++) {
      try {
        return await run()
      } catch (error) {
        if (!isGpuError(error)) throw error
        world.note(`${mortal.name}: ${what}: ${error._tag} ${error.message}`)
        if (isFinal(error) || turn >= most) throw error
      }
      await pause(30_000)
    }
  }
  /** Asks until it is done, or refused for good. */
  const again = <A>(what: string, run: () => Promise<A>, most = patience): Promise<A> =>
    insist(what, run, ({ retry }) => retry === "permanent", most)
  /** Ends a machine; an end that the ledger could not note, as its leftovers say, is asked for again. */
  const end = async (ref: InstanceRef): Promise<void> => {
    judge.asks(ref.id)
    for (let turn = 1; turn <= patience; turn++) {
      const { leftovers } = await insist(`terminate ${ref}`, () => gpu.terminate(ref))
      world.believedGone(ref.provider, ref.id, `${mortal.name} got the answer that it has ended`)
      if (!leftovers.some((left) => `${left}`.startsWith("the ledger could not"))) return
      await pause(30_000)
    }
  }
  /** Ends what an error of a job's launch named. */
  const endNamed = async ({ name }: Job, refs: ReadonlyArray<InstanceRef>) => {
    for (const ref of refs) {
      life.notes.get(name)?.named.add(ref.id)
      await end(ref)
    }
  }
  /** What a refusal left is ended before anything else; a launch that has a key is asked for again under it. */
  const rent = <A>(job: Job, launch: () => Promise<A>): Promise<A> =>
    again(
      `launch ${job.name}`,
      async () => {
        try {
          return await launch()
        } catch (error) {
          const isFinal = isGpuError(error) && (error.retry === "permanent" || job.form === "race")
          if (isFinal) await endNamed(job, error.leftovers ?? [])
          throw error
        }
      },
      tries.rent
    )

  /** Sweeps once; true when nothing that lives is leased any more. */
  const sweep = async (): Promise<boolean> => {
    const now = world.wall()
    const leases = await Effect.runPromise(ledger.launches({ leased: true, states: ["created"] }))
    const due = leases.filter(({ leaseUntil }) => leaseUntil !== null && leaseUntil <= now)
    const { ended, failed, kept, underWay } = await insist("sweep", () => gpu.sweep())
    for (const { ref } of ended) world.believedGone(ref.provider, ref.id, `${mortal.name} swept it`)
    const there = new Map(world.machines().flatMap((machine) => (machine.isAlive ? [[machine.id, machine]] : [])))
    if (failed.length > 0) return false
    const isUnderWay = (id: string | null) => underWay.some(({ ref }) => ref?.id === id)
    for (const { provider, instanceId } of due) {
      const left = there.get(instanceId ?? "")
      if (left && !left.isEnding && !isUnderWay(instanceId))
        world.wrong(`${provider} ${instanceId} outlived its lease by a sweep`)
    }
    return underWay.length === 0 && kept.every(({ ref }) => ref !== null && !there.has(ref.id))
  }

  const steer = (ref: InstanceRef, action: "start" | "stop") =>
    again(`${action} ${ref}`, async () => {
      const { status } = seen(await gpu.get(ref))
      if (action === "stop" ? status === "stopping" || status === "stopped" : beforeRunning.has(status)) return
      if (status === "stopping") await gpu.waitFor(ref, "stopped")
      await gpu.act(ref, action)
    })
  const ready = async (ref: InstanceRef) =>
    seen(await again(`wait for ${ref}`, () => gpu.waitUntilReady(ref), tries.ready))

  /** Ends what an earlier process, or an error, left of a job. */
  const clear = async (job: Job) => {
    const { name } = job
    for (let look = 0; look < patience; look++) {
      const { unsettled } = await insist("recover", () => gpu.recover())
      if (!unsettled.some((launch) => launch.name === name)) break
      await pause(30_000)
    }
    const { claimed, lost } = await insist("audit", async () => {
      const found = await gpu.audit()
      if (!found.complete) throw found.problems[0]?.error
      return found
    })
    const there = claimed.map(({ machine, launch }) => ({ ref: machine.ref, launch }))
    for (const { ref, launch } of [...there, ...lost]) {
      if (launch.name !== name) continue
      const note = life.notes.get(name)
      own.add(ref.id)
      // What this process was refused it has after all, and ends it.
      if (note && (note.machine === null || note.refused !== null)) life.got(job, ref.id)
      await end(ref)
    }
  }
  /** Sweeps every now and then, as a timer would, until nothing is leased; one that waits for a wrong clock is ended. */
  const sweepAll = async (job: Job) => {
    const late = world.clock.now() + (job.minutes + 30) * minute
    while (!(await sweep())) {
      await pause(Math.max(5, job.minutes / 5) * minute)
      if (world.clock.now() > late) return clear(job)
    }
  }

  const watch = async (signal: AbortSignal) => {
    for await (const change of gpu.watch({ signal })) {
      if (change.type === "vanished") world.believedGone(change.ref.provider, change.ref.id, "the watch says so")
      else if ("instance" in change) seen(change.instance)
    }
  }
  return {
    gpu,
    ledger,
    got,
    has,
    seen,
    again,
    insist,
    pause,
    end,
    endNamed,
    rent,
    sweep,
    sweepAll,
    steer,
    ready,
    clear,
    watch
  }
}

/** A process of the program. */
export type Program = ReturnType<typeof startProgram>
