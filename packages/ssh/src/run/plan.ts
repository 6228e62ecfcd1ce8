import { hostname, userInfo } from "node:os"
import { join, resolve } from "node:path"
import { Conflict, type GpuError, InvalidRequest, type Issue, type RunRecord, toRef } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { commandText } from "../shell/quote.ts"
import type { RunPlan, RunRequest } from "./request.ts"

const wordOf = (length: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => (byte % 36).toString(36)).join("")

/** What is wrong with a request, before anything is sent. */
const issuesOf = ({
  command,
  key,
  job,
  on,
  retry = 0,
  keep,
  checkpoint,
  env = {}
}: RunRequest): ReadonlyArray<Issue> => {
  const isEmpty = command.length === 0 || (typeof command === "string" && command.trim() === "")
  return [
    ...(isEmpty ? [{ path: "command", problem: "is empty: say what is to run" }] : []),
    ...(key === undefined || /^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/.test(key)
      ? []
      : [{ path: "key", problem: "is 1 to 60 letters, digits, dashes, dots and underscores" }]),
    ...(job === undefined && on === undefined
      ? [{ path: "job", problem: "is missing: say how long the machine is wanted, or which one it is with `on`" }]
      : []),
    ...(Number.isSafeInteger(retry) && retry >= 0
      ? []
      : [{ path: "retry", problem: "must be a whole number, 0 or more" }]),
    ...(on !== undefined && retry > 0
      ? [{ path: "retry", problem: "needs machines of the run's own: leave `on` out" }]
      : []),
    ...(on !== undefined && keep === true
      ? [{ path: "keep", problem: "is for machines of the run's own: one that it is `on` is never ended" }]
      : []),
    ...(typeof checkpoint === "object" && checkpoint.folder === ""
      ? [{ path: "checkpoint", problem: "is empty" }]
      : []),
    ...Object.keys(env).flatMap((name) =>
      /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? [] : [{ path: `env.${name}`, problem: "is no name of a variable" }]
    )
  ]
}

const millisOf = (path: string, input: Duration.Input): number => {
  const millis = Option.getOrUndefined(Option.map(Duration.fromInput(input), Duration.toMillis))
  if (millis !== undefined && Number.isFinite(millis) && millis > 0) return Math.ceil(millis)
  throw InvalidRequest.of(path, `${String(input)} is not a time: give a finite one, such as "2 hours"`)
}

const uploadOf = ({ upload }: RunRequest, cwd: string): RunPlan["upload"] => {
  if (upload === undefined) return null
  const { from, to = cwd, ignore = true } = typeof upload === "string" ? { from: upload } : upload
  return { from: resolve(from), to, ignore }
}

const downloadOf = ({ download }: RunRequest): RunPlan["download"] => {
  if (download === undefined) return null
  const { globs, to = "." } = typeof download === "string" || !("globs" in download) ? { globs: download } : download
  return { globs: typeof globs === "string" ? [globs] : globs, to: resolve(to) }
}

const checkpointOf = ({ checkpoint }: RunRequest, key: string, cwd: string): RunPlan["checkpoint"] => {
  if (checkpoint === undefined) return null
  const {
    folder,
    every = "2 minutes",
    store = join(".anygpu", key)
  } = typeof checkpoint === "string" ? { folder: checkpoint } : checkpoint
  const isWhole = folder.startsWith("/") || folder.startsWith("~")
  return {
    folder: isWhole ? folder : `${cwd}/${folder}`,
    everyMillis: millisOf("checkpoint.every", every),
    store: resolve(store)
  }
}

const onOf = ({ on }: RunRequest): string | null => (on === undefined ? null : String(Result.getOrThrow(toRef(on))))

/** A request as it is kept: paths of this computer are whole, secrets are left out. Throws `InvalidRequest`. */
const planOf = (request: RunRequest, key: string): RunPlan => {
  const { command, name = `run-${key}`, cwd = "~/work", env = {}, keep = false, job, limits } = request
  const { retry = 0, retryOnExit = false, verify = true, grace = "10 seconds" } = request
  return {
    ...{ command, name, cwd, keep, retry, retryOnExit, verify },
    isKeyOwn: request.key === undefined,
    upload: uploadOf(request, cwd),
    download: downloadOf(request),
    checkpoint: checkpointOf(request, key, cwd),
    env: Object.keys(env),
    on: onOf(request),
    durationMillis: job ? millisOf("job.duration", job.duration) : null,
    maxTotal: limits?.maxTotal ?? null,
    maxAttempts: limits?.maxAttempts ?? 5,
    graceMillis: millisOf("grace", grace)
  }
}

const byWhom = (): string => {
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    return hostname()
  }
}

/** The record of a run that is to begin. Fails with `InvalidRequest` for what cannot be, before anything is sent. */
export const newRun = (request: RunRequest, at: number): Effect.Effect<RunRecord, GpuError> =>
  Effect.try({
    try: () => {
      const issues = issuesOf(request)
      if (issues.length > 0) throw InvalidRequest.all(issues)
      const id = `r${wordOf(10)}`
      const key = request.key ?? id
      return {
        ...{ id, key, at, by: byWhom(), command: commandText(request.command), attempts: [], version: 0 },
        ...{ state: "open" as const, isStopAsked: false },
        plan: { ...planOf(request, key) }
      }
    },
    catch: (error) => error as InvalidRequest
  })

/** What of a plan makes it another run. */
const identityOf = ({ command, cwd, upload, download, checkpoint, on }: RunPlan): string =>
  JSON.stringify([command, cwd, upload, download, checkpoint?.folder, on])

/** Why a run that holds the key is another one than what is asked for now; null when it is the same. */
export const otherRun = (held: RunRecord, asked: RunRecord): Conflict | null => {
  if (identityOf(held.plan as unknown as RunPlan) === identityOf(asked.plan as unknown as RunPlan)) return null
  const message = `The key "${held.key}" names another run: ${held.command}. Nothing was begun: take another key, or attach to that one`
  return new Conflict({ message, retry: "permanent" })
}
