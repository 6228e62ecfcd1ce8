/** A training that counts steps, writes its checkpoint in place, and its result at the end: all a function of time. */
export interface Program {
  readonly steps: number
  readonly stepMillis: number
  readonly checkpointEvery: number
  /** How long it writes its checkpoint, in place. */
  readonly writeMillis: number
  readonly code: number
}

/** A file as it is at a moment: `torn` while it is being written. */
export interface FileNow {
  readonly path: string
  readonly size: number
  /** Whole seconds. */
  readonly changed: number
  readonly content: string
}

interface SimJob {
  readonly id: string
  readonly startedAt: number
  readonly firstStep: number
  stoppedAt: number | null
}

/** A machine that commands run on. */
export interface Host {
  readonly jobs: Map<string, SimJob>
  /** The step that was put there before a command began. */
  restored: number
  /** From then on it is gone: it computes nothing, and answers nobody. */
  deadAt: number
  /** From then on it computes, and answers nobody. */
  silentAt: number
  /** When nobody is answered for a while. */
  readonly drops: ReadonlyArray<{ readonly from: number; readonly until: number }>
  readonly program: Program
}

/** How a job is at a moment. */
export interface JobNow {
  readonly step: number
  readonly state: "running" | "exited"
  readonly code: number | null
  readonly out: string
}

const lineOf = (step: number) => `step ${String(step).padStart(6, "0")}\n`

/** How a job is at a moment; a dead machine stands still. */
export const jobAt = ({ program, deadAt }: Host, job: SimJob, moment: number): JobNow => {
  const now = Math.min(moment, deadAt, job.stoppedAt ?? moment)
  const step = Math.min(program.steps, job.firstStep + Math.floor((now - job.startedAt) / program.stepMillis))
  const out = Array.from({ length: step - job.firstStep }, (_, index) => lineOf(job.firstStep + index + 1)).join("")
  const isStopped = job.stoppedAt !== null && moment >= job.stoppedAt && step < program.steps
  const isDone = step >= program.steps
  return {
    step,
    out,
    state: isDone || isStopped ? "exited" : "running",
    code: isDone ? program.code : isStopped ? 143 : null
  }
}

/** The files of the command's folder at a moment. */
export const filesAt = (host: Host, moment: number): ReadonlyArray<FileNow> => {
  const job = [...host.jobs.values()].at(-1)
  const { checkpointEvery, stepMillis, writeMillis, steps } = host.program
  const size = 1000
  const before: ReadonlyArray<FileNow> =
    host.restored > 0 ? [{ path: "ckpt/state", size, changed: 1, content: String(host.restored) }] : []
  if (!job) return before
  const now = Math.min(moment, job.stoppedAt ?? moment)
  const { step } = jobAt(host, job, moment)
  const saved = Math.floor(step / checkpointEvery) * checkpointEvery
  const savedAt = job.startedAt + (saved - job.firstStep) * stepMillis
  const isWriting = now < savedAt + writeMillis
  const changed = Math.floor(Math.min(now, savedAt + writeMillis) / 1000)
  const state = { path: "ckpt/state", size, changed, content: isWriting ? "torn" : String(saved) }
  return [
    ...(saved > job.firstStep ? [state] : before),
    ...(step >= steps
      ? [{ path: "out/result", size: 10, changed: Math.floor(now / 1000), content: `done ${steps}` }]
      : [])
  ]
}

/** Starts a job, once under an id, from the step that its checkpoint holds. */
export const startJobAt = (host: Host, id: string, now: number): void => {
  if (host.jobs.has(id)) return
  host.jobs.set(id, { id, startedAt: now, firstStep: host.restored, stoppedAt: null })
}
