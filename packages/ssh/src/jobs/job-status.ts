import { BadResponse, type GpuError, RemoteFailed } from "@anygpu/core"

/**
 * How a job stands.
 *
 * | state | meaning |
 * | --- | --- |
 * | `starting` · `running` | it was begun · it runs |
 * | `exited` | it ended, and `code` says how |
 * | `lost` | the machine was restarted under it, or who watched over it was killed: it runs no more, and its code is not known |
 * | `stillborn` | the process that began it was gone before it ran: it never did |
 * | `none` | the machine knows no such job |
 */
export type JobState = "starting" | "running" | "exited" | "lost" | "stillborn" | "none"

/** What a machine tells of a job. */
export interface JobStatus {
  readonly id: string
  readonly state: JobState
  /** Its exit code, as `sh` has it: 128 and the number of the signal that ended it. Null until it has one. */
  readonly code: number | null
  /** Bytes that it has written so far. */
  readonly out: number
  readonly err: number
  /** Somebody asked for its end. */
  readonly stopped: boolean
  /**
   * How many processes the kernel has ended for want of memory since it began: in the machine's own group, as a container of
   * cgroup v2 has it, else on the whole machine. Null where the machine does not say.
   */
  readonly oomKills: number | null
}

const states: ReadonlyArray<string> = ["starting", "running", "exited", "lost", "stillborn", "none"]
const isState = (text: string | undefined): text is JobState => text !== undefined && states.includes(text)

/** What is said of what kept a job from beginning. */
const refusals: Readonly<Record<string, string>> = {
  "no-folder": "its folder cannot be made: the disk is full, or the home folder may not be written",
  "no-proc": "there is no /proc, which distinguishes processes",
  disk: "the disk is full",
  "no-job": "the machine knows no such job"
}

const fieldsOf = (line: string): ReadonlyMap<string, string> =>
  new Map(
    line
      .split(" ")
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)])
  )

const statusIn = (fields: ReadonlyMap<string, string>): JobStatus | null => {
  const state = fields.get("state")
  const kills = Number(fields.get("oomkills"))
  if (!isState(state)) return null
  return {
    id: fields.get("id") ?? "",
    state,
    code: fields.get("code") ? Number(fields.get("code")) : null,
    out: Number(fields.get("out")),
    err: Number(fields.get("err")),
    stopped: fields.get("stopped") === "1",
    // Fewer than when it began were counted since the machine was started again: nothing is known then.
    oomKills: kills >= 0 ? kills : null
  }
}

const answers = (errors: string): ReadonlyArray<ReadonlyMap<string, string>> =>
  errors
    .split("\n")
    .filter((line) => line.startsWith("#anygpu ") && line.includes("="))
    .map(fieldsOf)

/** Every job that the errors of the supervisor tell of. */
export const statusesIn = (errors: string): ReadonlyArray<JobStatus> =>
  answers(errors).flatMap((fields) => statusIn(fields) ?? [])

/** The last that the errors of the supervisor tell, or what they tell instead: a refusal, or nothing of it at all. */
export const statusOf = (errors: string, code: number | null): JobStatus | GpuError => {
  const last = statusesIn(errors).at(-1)
  if (last) return last
  const refusal = answers(errors).at(-1)?.get("error")
  if (refusal !== undefined) {
    const message = `The job cannot be had: ${refusals[refusal] ?? refusal}`
    return new RemoteFailed({ message, retry: "permanent", code, signal: null, stderr: refusal })
  }
  const message = `The machine said nothing of the job: ${errors.trim().slice(-500) || "it wrote nothing"}`
  return new BadResponse({ message, retry: "permanent", path: "job" })
}
