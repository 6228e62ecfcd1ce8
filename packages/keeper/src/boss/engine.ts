import { setTimeout as sleep } from "node:timers/promises"
import { type Job, PgBoss } from "pg-boss"
import { type Duty, duties, type Engine, type Wake, type Work } from "../engine.ts"
import { type InFlight, inFlightUpTo } from "../in-flight.ts"
import { type Log, messageOf } from "../log.ts"
import { type JobDatabase, openJobDatabase } from "./pool.ts"
import { wakeTrigger } from "./wake-trigger.ts"

/** Where the jobs of the keepers are. */
export interface JobPlace {
  /** `postgres://user:password@host:5432/database`: the one that the ledger is in. */
  readonly url: string
  /** The schema of the ledger; `anygpu` when absent. Its jobs are beside it, in one with `_jobs` behind its name. */
  readonly schema?: string
}

/** How often each queue is looked into, in milliseconds. */
const pollEvery = 500

/** How often work that is under way says so, in milliseconds: what was not heard of for ten seconds is given to another one. */
const beatEvery = 4000

/** How much of each duty is under way in one keeper at most: each end that is says so to the ledger, and more would drown it. */
const most: Readonly<Record<Duty, number>> = { end: 100, settle: 10, launch: 10, prices: 1, reconcile: 1 }

const queue = {
  ...{ policy: "exclusive", retryLimit: 5, retryDelay: 2, heartbeatSeconds: 10, expireInSeconds: 3600 },
  ...{ retentionSeconds: 90 * 86_400, deleteAfterSeconds: 3600 }
} as const

interface Marked {
  readonly marker: string
}

const attemptOf = ({ id, retryCount }: Job<Marked>) => ({ id, retryCount })

/** A moment as pg-boss takes it. It keeps a job for so long after that: what is long over is due at once. */
const startOf = (at: number) => (Date.now() - at > 86_400_000 ? {} : { startAfter: new Date(at) })

const jobOf = ({ duty, marker, at }: Wake) => ({
  data: { marker },
  ...startOf(at),
  // A lease that is moved is due at two moments, and looked at at both; so are orders, and prices, which several keepers ask for.
  singletonKey: duty === "settle" || duty === "reconcile" ? marker : `${marker}@${at}`,
  // Several keepers ask for it every minute, and one of them gets it.
  ...(duty === "reconcile" && { singletonSeconds: 55 })
})

/** What the loops of an engine share. */
interface Running {
  readonly boss: PgBoss
  readonly work: Work
  readonly log: Log
  readonly stopping: AbortSignal
  readonly heard: () => void
}

/** Does one job and says what became of it, of this attempt alone. */
const perform = async ({ boss, work, log, stopping }: Running, duty: Duty, job: Job<Marked>): Promise<void> => {
  const { marker } = job.data
  try {
    const again = await work({ duty, marker })
    await boss.complete(duty, attemptOf(job))
    if (again !== null && !stopping.aborted) {
      await boss.insert(duty, [{ ...jobOf({ duty, marker, at: 0 }), startAfter: again / 1000 }])
    }
  } catch (error) {
    log("warn", "job-failed", { duty, marker, error: messageOf(error) })
    // Where that cannot be said either, its heartbeat stops, and another keeper gets it.
    await boss.fail(duty, attemptOf(job)).catch(() => {})
  }
}

/** Fetches what is due of one duty, until it is stopped. */
const poll = async (on: Running, duty: Duty, flight: InFlight, held: Set<Job<Marked>>): Promise<void> => {
  const { boss, log, stopping, heard } = on
  while (!stopping.aborted) {
    const batchSize = Math.min(flight.room(), 50)
    let isFull = false
    try {
      const jobs = batchSize > 0 ? await boss.fetch<Marked>(duty, { batchSize }) : []
      heard()
      for (const job of jobs) {
        held.add(job)
        flight.add(perform(on, duty, job).finally(() => held.delete(job)))
      }
      isFull = batchSize > 0 && jobs.length === batchSize
    } catch (error) {
      log("warn", "queue-unreachable", { duty, error: messageOf(error) })
    }
    const nap = sleep(pollEvery, undefined, { signal: stopping }).catch(() => {})
    if (!isFull) await nap
    else if (flight.room() === 0) await Promise.race([nap, flight.some()])
  }
}

/** Says of what is under way that it is, until it is stopped and nothing is. */
const beat = async ({ boss, stopping }: Running, held: Readonly<Record<Duty, Set<Job<Marked>>>>): Promise<void> => {
  const isBusy = () => duties.some((duty) => held[duty].size > 0)
  while (!stopping.aborted || isBusy()) {
    await (stopping.aborted ? sleep(beatEvery / 20) : sleep(beatEvery, undefined, { signal: stopping }).catch(() => {}))
    for (const duty of duties) {
      const attempts = [...held[duty]].map(attemptOf)
      if (attempts.length > 0) await boss.touch(duty, attempts).catch(() => {})
    }
  }
}

/** Makes the queues, and lets launches wake the keepers. */
const prepare = async (boss: PgBoss, database: JobDatabase, schema: string, log: Log): Promise<void> => {
  await boss.start({ attempts: 5 })
  for (const duty of duties) await boss.createQueue(duty, queue)
  try {
    await database.executeSql(wakeTrigger(schema, `${schema}_jobs`))
  } catch (error) {
    // Without the right to make it, ends are found by reconciling all the same.
    log("warn", "trigger-refused", { error: messageOf(error) })
  }
}

/**
 * A queue in Postgres: for a ledger that several computers share. Keepers are woken by it, and decide by the ledger.
 *
 * - Work of a keeper that died, or was frozen, is given to another one after ten seconds.
 */
export const bossEngine = ({ url, schema = "anygpu" }: JobPlace, log: Log): Engine => {
  const database = openJobDatabase(url, 10)
  const boss = new PgBoss({
    ...{ db: database, schema: `${schema}_jobs`, schedule: false, registerInstance: false },
    // A keeper that died is noticed by the others at this pace.
    ...{ superviseIntervalSeconds: 2, monitorIntervalSeconds: 2 }
  })
  boss.on("error", (error) => log("warn", "queue-error", { error: messageOf(error) }))
  const end = new AbortController()
  const flights: Readonly<Record<Duty, InFlight>> = {
    end: inFlightUpTo(most.end),
    settle: inFlightUpTo(most.settle),
    launch: inFlightUpTo(most.launch),
    prices: inFlightUpTo(most.prices),
    reconcile: inFlightUpTo(most.reconcile)
  }
  const held: Readonly<Record<Duty, Set<Job<Marked>>>> = {
    ...{ end: new Set(), settle: new Set(), launch: new Set(), prices: new Set(), reconcile: new Set() }
  }
  let loops: ReadonlyArray<Promise<void>> = []
  let lastHeard = performance.now()
  const heard = () => {
    lastHeard = performance.now()
  }
  return {
    start: async (work) => {
      await prepare(boss, database, schema, log)
      const on: Running = { boss, work, log, stopping: end.signal, heard }
      loops = [...duties.map((duty) => poll(on, duty, flights[duty], held[duty])), beat(on, held)]
    },
    wake: async (wakes) => {
      for (const duty of duties) {
        const jobs = wakes.filter((wake) => wake.duty === duty).map(jobOf)
        for (let from = 0; from < jobs.length; from += 1000) await boss.insert(duty, jobs.slice(from, from + 1000))
      }
    },
    stop: async () => {
      end.abort()
      await Promise.all(loops)
      await Promise.all(duties.map((duty) => flights[duty].all()))
      await boss.stop({ graceful: false, close: false })
      await database.close()
    },
    isWell: () => performance.now() - lastHeard < 30_000
  }
}
