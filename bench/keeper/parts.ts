import { setTimeout as sleep } from "node:timers/promises"
import { lateness, lease, openTrial, type Process, type Trial, untilEnded } from "./trial.ts"

/** How much is tried. */
export interface Size {
  readonly ends: number
  /** Milliseconds over which the ends are spread. */
  readonly over: number
  readonly kills: number
  readonly freezes: number
  readonly restarts: number
  readonly pending: number
  readonly seed: number
}

/** What came of a part. */
export interface Result {
  readonly rows: ReadonlyArray<readonly [label: string, value: string | number]>
  readonly wrong: ReadonlyArray<string>
}

const chanceOf = (seed: number) => {
  let state = seed * 7919 + 1
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const seconds = (millis: number | undefined): string =>
  millis === undefined ? "none" : `${(millis / 1000).toFixed(2)} s`
const at = (sorted: ReadonlyArray<number>, part: number): number | undefined =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]

/** Opens a trial for a part, and closes it. */
export const inTrial = async (use: (trial: Trial) => Promise<Result>): Promise<Result> => {
  const trial = await openTrial()
  try {
    return await use(trial)
  } finally {
    if (process.env["LINES"]) for (const line of new Set(trial.lines)) console.log(`    ${line}`)
    await trial.close()
  }
}

/** So many moments from a while after now on, spread over a time. */
const spread = (count: number, over: number, chance: () => number): ReadonlyArray<number> => {
  const from = Date.now() + 10_000
  return Array.from({ length: count }, () => Math.floor(from + chance() * over))
}

const lateRows = ({ late, lost, twice }: ReturnType<typeof lateness>) =>
  [
    ["ends that were lost", lost],
    ["late: median, p99, last", `${seconds(at(late, 0.5))}, ${seconds(at(late, 0.99))}, ${seconds(late.at(-1))}`],
    ["early, at most", seconds(Math.min(0, late[0] ?? 0))],
    ["asked for twice at the cloud", twice]
  ] as const

const earlyOf = ({ late }: ReturnType<typeof lateness>): ReadonlyArray<string> =>
  (late[0] ?? 0) < 0 ? ["an end was early"] : []

/** Stops a process for so long. */
export const freezeFor = async ({ process }: Process, millis: number): Promise<void> => {
  process.kill("SIGSTOP")
  await sleep(millis)
  process.kill("SIGCONT")
}

/** Kills, freezes and restarts, spread over a time. */
const disturb = async (trial: Trial, { kills, freezes, restarts, over }: Size, chance: () => number): Promise<void> => {
  const acts = [
    ...Array.from({ length: kills }, () => "kill" as const),
    ...Array.from({ length: freezes }, () => "freeze" as const),
    ...Array.from({ length: restarts }, (_, index) => (index % 2 === 0 ? ("immediate" as const) : ("fast" as const)))
  ]
  const timed = acts.map((act) => ({ act, after: 10_000 + chance() * over })).sort((a, b) => a.after - b.after)
  const begun = Date.now()
  const thaws: Promise<void>[] = []
  for (const { act, after } of timed) {
    await sleep(Math.max(0, begun + after - Date.now()))
    const keepers = [...trial.processes]
    const one = keepers[Math.floor(chance() * keepers.length)]
    if (act === "immediate" || act === "fast") await trial.server.restart(act)
    else if (act === "freeze" && one) thaws.push(freezeFor(one, 30_000))
    else if (one) {
      one.process.kill("SIGKILL")
      await trial.begin({}).catch(() => {})
    }
  }
  await Promise.all(thaws)
}

/** Three keepers, while they are killed and frozen and the server is restarted. */
export const chaos = (size: Size): Promise<Result> =>
  inTrial(async (trial) => {
    const chance = chanceOf(size.seed)
    await Promise.all([1, 2, 3].map(() => trial.begin({})))
    await lease(trial, "c", spread(size.ends, size.over, chance))
    await Promise.all([disturb(trial, size, chance), untilEnded(trial, "c", size.over + 120_000)])
    const ended = lateness(trial, "c")
    return {
      rows: [
        ["ends, kills, freezes of 30 s, restarts", [size.ends, size.kills, size.freezes, size.restarts].join(", ")],
        ...lateRows(ended),
        ["acts with a stale fence", trial.stale]
      ],
      wrong: [
        ...(ended.lost > 0 ? ["ends were lost"] : []),
        ...(trial.stale > 0 ? ["a keeper acted after it was replaced"] : []),
        ...earlyOf(ended)
      ]
    }
  })

/** Keepers whose clocks are five minutes wrong, one each way. */
export const skew = ({ seed }: Size): Promise<Result> =>
  inTrial(async (trial) => {
    await Promise.all([300_000, -300_000].map((wrong) => trial.begin({ skew: wrong })))
    await lease(trial, "s", spread(200, 30_000, chanceOf(seed)))
    await untilEnded(trial, "s", 120_000)
    const ended = lateness(trial, "s")
    return { rows: lateRows(ended), wrong: [...(ended.lost > 0 ? ["ends were lost"] : []), ...earlyOf(ended)] }
  })

/** Many leases that end later, beside those that end now. */
export const pending = ({ pending: count, seed }: Size): Promise<Result> =>
  inTrial(async (trial) => {
    const chance = chanceOf(seed)
    await Promise.all([1, 2].map(() => trial.begin({})))
    const begun = Date.now()
    const later = Date.now() + 86_400_000
    await lease(
      trial,
      "later",
      Array.from({ length: count }, () => Math.floor(later + chance() * 86_400_000))
    )
    const filled = Date.now() - begun
    await sleep(10_000)
    await lease(trial, "p", spread(200, 40_000, chance))
    await untilEnded(trial, "p", 120_000)
    const ended = lateness(trial, "p")
    return {
      rows: [["leases that end later", count], ["written, with their jobs, in", seconds(filled)], ...lateRows(ended)],
      wrong: [...(ended.lost > 0 ? ["ends were lost"] : []), ...earlyOf(ended)]
    }
  })

/** All keepers were dead for ten minutes: how soon what is overdue ends once the first one is back. */
export const dead = ({ seed }: Size): Promise<Result> =>
  inTrial(async (trial) => {
    const chance = chanceOf(seed)
    const first = await trial.begin({})
    first.process.kill("SIGKILL")
    const count = 300
    const over = Date.now()
    await lease(
      trial,
      "d",
      Array.from({ length: count }, () => Math.floor(over - chance() * 600_000))
    )
    const begun = Date.now()
    await trial.begin({})
    const back = Date.now()
    await untilEnded(trial, "d", 180_000)
    const { lost } = lateness(trial, "d")
    const acts = [...trial.machines.values()].flatMap(({ acts: [one] }) => one ?? [])
    const last = Math.max(...acts)
    await trial.query(
      'BEGIN; INSERT INTO anygpu.launches (record) VALUES (\'{"marker":"agx","provider":"far","kind":"vm",' +
        '"state":"open","at":1,"leaseUntil":4102444800000}\'); ROLLBACK',
      null
    )
    const [left] = await trial.query("SELECT count(*) AS count FROM anygpu_jobs.job WHERE data ->> 'marker' = 'agx'")
    return {
      rows: [
        ["overdue, by up to ten minutes", count],
        ["ends that were lost", lost],
        ["a keeper was up after", seconds(back - begun)],
        ["all were asked for, after it was up", seconds(last - back)],
        ["jobs that a rolled back launch left", Number(left?.["count"])]
      ],
      wrong: [
        ...(lost > 0 ? ["ends were lost"] : []),
        ...(last - back > 30_000 ? ["it took more than 30 s"] : []),
        ...(Number(left?.["count"]) > 0 ? ["a rollback left a job"] : [])
      ]
    }
  })

/** A laptop leases a machine and dies: a keeper ends it in time. */
export const laptop = (): Promise<Result> =>
  inTrial(async (trial) => {
    await trial.begin({})
    const ttl = 20_000
    const owner = await trial.begin({ role: "laptop", lease: ttl })
    owner.process.kill("SIGKILL")
    const [launch] = await trial.query("SELECT lease_until FROM anygpu.launches")
    const due = Number(launch?.["lease_until"])
    const [machine] = trial.machines.values()
    const end = due + 120_000
    while (machine?.acts.length === 0 && Date.now() < end) await sleep(250)
    const [act] = machine?.acts ?? []
    return {
      rows: [
        ["leased for, then killed", seconds(ttl)],
        ["ended after its time by", seconds(act && act - due)]
      ],
      wrong: act === undefined || act - due > 60_000 ? ["it was not ended within a minute"] : act < due ? ["early"] : []
    }
  })
