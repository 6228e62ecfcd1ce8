import { ConnectionLost, type GpuError, Unreachable } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Transferred } from "../../copy/entry.ts"
import type { Job } from "../../jobs/job.ts"
import type { JobStatus } from "../../jobs/job-status.ts"
import type { RunSession } from "../parts.ts"
import type { Snapshots } from "../snapshots.ts"
import { filesAt, type Host, jobAt, startJobAt } from "./host.ts"

/** What of a computer the commands of a run can reach: its folders, and whether it has a network. */
export interface Home {
  /** What each file here holds, by its path. */
  readonly files: Map<string, string>
  readonly isOffline: (now: number) => boolean
}

const unreachable = () =>
  new Unreachable({ message: "no answer came", retry: "temporary", host: "sim", port: 22, reason: "connect-timeout" })

const cutOff = (host: Host, home: Home, now: number): boolean =>
  now >= host.deadAt ||
  now >= host.silentAt ||
  home.isOffline(now) ||
  host.drops.some(({ from, until }) => now >= from && now < until)

/** Waits until the machine answers, for the patience of a session at most. */
const reach = (host: Host, home: Home, patience: number): Effect.Effect<number, GpuError> =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      if (!cutOff(host, home, now)) return now
      if (now - began >= patience) return yield* unreachable()
      yield* Effect.sleep(5000)
    }
  })

const transferred = (files: number): Transferred => ({ files, bytes: files * 10, unchanged: 0, skipped: [] })

const statusAt = (host: Host, id: string, now: number): JobStatus => {
  const job = host.jobs.get(id)
  const common = { id, err: 0, oomKills: 0 }
  if (!job) return { ...common, state: "none", code: null, out: 0, stopped: false }
  const { state, code, out } = jobAt(host, job, now)
  return { ...common, state, code, out: out.length, stopped: job.stoppedAt !== null }
}

const jobIn = (host: Host, home: Home, id: string, patience: number): Job => {
  const status = Effect.map(reach(host, home, patience), (now) => statusAt(host, id, now))
  const output: Job["output"] = ({ stream = "out", from = 0 } = {}) => {
    let at = from
    const next = Effect.gen(function* () {
      for (;;) {
        const now = yield* reach(host, home, patience)
        const { state, out } = host.jobs.has(id)
          ? jobAt(host, host.jobs.get(id) ?? fail(id), now)
          : { state: "exited" as const, out: "" }
        const text = stream === "out" ? out : ""
        const bytes = Buffer.from(text.slice(at))
        at = Math.max(at, text.length)
        if (bytes.length > 0 || state === "exited") return [bytes, state === "exited"] as const
        yield* Effect.sleep(2000)
      }
    })
    return unfolded(next)
  }
  return {
    id,
    output,
    status,
    wait: status,
    stop: () =>
      Effect.map(reach(host, home, patience), (now) => {
        const job = host.jobs.get(id)
        if (job && job.stoppedAt === null && jobAt(host, job, now).state === "running") job.stoppedAt = now
        return statusAt(host, id, now)
      }),
    remove: status
  }
}

const fail = (id: string): never => {
  throw new Error(`there is no job ${id}`)
}

const unfolded = (next: Effect.Effect<readonly [Uint8Array, boolean], GpuError>): Stream.Stream<Uint8Array, GpuError> =>
  Stream.unfold(false, (isOver) =>
    isOver ? Effect.succeed(undefined) : Effect.map(next, ([bytes, isLast]) => [bytes, isLast] as const)
  )

/** A login to a simulated machine. */
export const sessionOn = (host: Host, home: Home, patience: number): RunSession => {
  const on = <A>(work: (now: number) => A, millis = 0): Effect.Effect<A, GpuError> =>
    Effect.gen(function* () {
      yield* reach(host, home, patience)
      if (millis > 0) yield* Effect.sleep(millis)
      return work(yield* reach(host, home, patience))
    })
  const contentOf = (path: string) => home.files.get(path)
  return {
    exec: () =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        if (!cutOff(host, home, now)) return { code: 0, signal: null, stdout: "", stderr: "" }
        return yield* new ConnectionLost({ message: "the connection ended", retry: "temporary" })
      }),
    upload: (from) =>
      on(() => {
        const state = contentOf(`${from}/state`)
        if (state !== undefined && host.jobs.size === 0) host.restored = Number(state)
        return transferred(1)
      }, 2000),
    download: (globs, to) =>
      on((now) => {
        const pattern = String(globs)
        const files = filesAt(host, now).filter(({ path }) => path.startsWith(pattern === "**" ? "ckpt/" : "out/"))
        for (const { path, content } of files) home.files.set(`${to}/${path.replace("ckpt/", "")}`, content)
        return transferred(files.length)
      }, 1000),
    list: () =>
      on((now) =>
        filesAt(host, now)
          .filter(({ path }) => path.startsWith("ckpt/"))
          .map(({ path, size, changed }) => ({ path, size, changed, type: "file", mode: 0o644, target: null }))
      ),
    start: (_, { id = "" } = {}) =>
      on((now) => {
        startJobAt(host, id, now)
        return jobIn(host, home, id, patience)
      }),
    job: (id) => jobIn(host, home, id, patience),
    close: Effect.void
  }
}

/** Snapshots among the files of a home, of which the last two are kept. */
export const snapshotsIn = ({ files }: Home): Snapshots => {
  let begun = 0
  const kept = (store: string) =>
    [...files.keys()].filter((path) => path.startsWith(`${store}/kept-`)).sort((a, b) => (a < b ? -1 : 1))
  return {
    latest: (store) =>
      Effect.sync(
        () =>
          kept(store)
            .at(-1)
            ?.replace(/\/state$/, "") ?? null
      ),
    begin: (store) =>
      Effect.sync(() => {
        begun += 1
        return `${store}/unfinished-${begun}-${files.size}`
      }),
    keep: (store, folder, at) =>
      Effect.sync(() => {
        const home = `${store}/kept-${String(at).padStart(15, "0")}`
        files.set(`${home}/state`, files.get(`${folder}/state`) ?? "")
        for (const old of kept(store).slice(0, -2)) files.delete(old)
        return home
      }),
    drop: (folder) => Effect.sync(() => void files.delete(`${folder}/state`))
  }
}
