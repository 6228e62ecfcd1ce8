import { type CallOptions, iterable, run } from "../promised.ts"
import type { OutputOptions } from "./follow.ts"
import type { Job, StopOptions } from "./job.ts"
import type { JobStatus } from "./job-status.ts"

/** A {@link Job} in Promises. */
export interface RunningJob {
  readonly id: string
  /** What it writes, from a byte on, until it has ended; a lost connection loses nothing and repeats nothing. */
  output(options?: OutputOptions): AsyncIterable<Uint8Array>
  /** How it stands now. */
  status(options?: CallOptions): Promise<JobStatus>
  /** Waits for its end: `exited`, `lost` or `stillborn`. */
  wait(options?: CallOptions): Promise<JobStatus>
  /** Ends it and everything that it started: TERM, then KILL. One that has ended is left as it is. */
  stop(options?: StopOptions & CallOptions): Promise<JobStatus>
  /** Removes what the machine keeps of it. One that runs is left as it is. */
  remove(options?: CallOptions): Promise<JobStatus>
}

/** A job for callers of Promises. */
export const runningJob = (job: Job): RunningJob => {
  const status: RunningJob["status"] = (options) => run(job.status, status, options)
  const wait: RunningJob["wait"] = (options) => run(job.wait, wait, options)
  const stop: RunningJob["stop"] = (options) => run(job.stop(options), stop, options)
  const remove: RunningJob["remove"] = (options) => run(job.remove, remove, options)
  return { id: job.id, output: (options) => iterable(job.output(options)), status, wait, stop, remove }
}
