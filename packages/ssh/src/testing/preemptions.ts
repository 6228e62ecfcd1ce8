import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { memoryLedger } from "@anygpu/core"
import { memoryCloud } from "@anygpu/memory"
import { createClock } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import { ssh } from "../index.ts"
import type { Sshd } from "./sshd.ts"

/** What came of runs whose machine was taken again and again. */
export interface Preempted {
  readonly preemptions: number
  /** Checkpoints that came home, and how many of them were half written. */
  readonly taken: number
  readonly torn: number
  /** Attempts that began with a checkpoint in place, and how many of them found it half written. */
  readonly restored: number
  readonly restoredTorn: number
  /** How often the folder on the machine was half written at the moment of the preemption: what a copy would have torn. */
  readonly inWriting: number
  /** Runs that did not end with their command's own end. */
  readonly unfinished: number
}

/** How many lines each of the two files of a checkpoint has. */
const lines = 8

/**
 * A training that writes its checkpoint in the worst way: two files, in place, line by line, with pauses between two of them
 * from none to 12 seconds. It says first what it began with.
 */
const trainer = (enough: string): string => `
mkdir -p ckpt
if [ -e ckpt/a ] || [ -e ckpt/b ]; then
  [ "$(cat ckpt/a ckpt/b | wc -l)" -eq ${2 * lines} ] && [ "$(sort -u ckpt/a ckpt/b | wc -l)" -eq 1 ] && echo whole || echo torn
  read -r n < ckpt/a
else n=0; fi
while [ ! -e ${enough} ]; do
  n=$((n + 1))
  for f in a b; do
    : > ckpt/$f
    i=0; while [ $i -lt ${lines} ]; do i=$((i + 1)); echo $n >> ckpt/$f; sleep 0.1; done
  done
  sleep $(($(od -An -N1 -tu1 /dev/urandom) % 13))
done`

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "latin1")
  } catch {
    return ""
  }
}

/** Whether both files of a checkpoint are whole, and of the same step. */
const isWhole = (folder: string): boolean => {
  const all = ["a", "b"].map((name) => textOf(join(folder, name)).split("\n").filter(Boolean))
  return all.every((one) => one.length === lines) && new Set(all.flat()).size === 1
}

/** Takes a machine from a job: all its processes at once, the one that watches over it first. */
const preempt = (job: string): void => {
  const pids = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid))
  const watching = pids.filter((pid) => textOf(`/proc/${pid}/cmdline`).includes(`/jobs/${job}/sup.sh`))
  const marked = pids.filter((pid) => textOf(`/proc/${pid}/environ`).includes(`ANYGPU_JOB=:${job}:`))
  for (const pid of [...watching, ...marked]) {
    try {
      process.kill(Number(pid), "SIGKILL")
    } catch {
      // It has ended by itself.
    }
  }
}

/** One run, whose machine is taken so many times, at a random moment from 2 seconds to 20 after its start. */
const preemptedRun = async (sshd: Sshd, name: string, times: number): Promise<Preempted> => {
  const cloud = memoryCloud({ offers: [{ id: "a", gpu: "H100", perHour: "2" }] })
  const { host, port, user, key } = sshd
  const options = { clouds: [cloud], clock: createClock(), ledger: memoryLedger() }
  const gpu = createGpu({ ...options, ssh: ssh({ host, port, user, key, agent: false }) })
  const [cwd, enough] = [join(sshd.folder, `work-${name}`), join(sshd.folder, `enough-${name}`)]
  let [preemptions, taken, torn, restored, restoredTorn, inWriting] = [0, 0, 0, 0, 0, 0]
  const outcome = await gpu.run({
    ...{ command: trainer(enough), key: name, job: { duration: "5 hours" }, workload: { os: "ubuntu" } },
    ...{ verify: false, cwd, retry: times },
    checkpoint: { folder: "ckpt", every: "1 second", store: join(sshd.folder, `store-${name}`) },
    onEvent: (event) => {
      if (event.type === "checkpoint") {
        taken++
        if (!isWhole(event.snapshot)) torn++
      }
      if (event.type === "output" && event.stream === "out") {
        restored++
        if (Buffer.from(event.bytes).toString().trim() !== "whole") restoredTorn++
      }
      // The next machine has an empty disk.
      if (event.type === "lost") rmSync(cwd, { recursive: true, force: true })
      if (event.type !== "started") return
      if (preemptions === times) return writeFileSync(enough, "")
      setTimeout(
        () => {
          preemptions++
          if (!isWhole(join(cwd, "ckpt"))) inWriting++
          preempt(event.job)
        },
        2000 + 18_000 * Math.random()
      )
    }
  })
  const unfinished = outcome.end === "exited" && outcome.code === 0 && cloud.alive().length === 0 ? 0 : 1
  return { preemptions, taken, torn, restored, restoredTorn, inWriting, unfinished }
}

/** Runs on one machine at the same time, each of which loses it so many times. */
export const preemptedRuns = async (sshd: Sshd, runs: number, times: number): Promise<Preempted> => {
  const each = await Promise.all(Array.from({ length: runs }, (_, run) => preemptedRun(sshd, `run${run}`, times)))
  const sum = (field: keyof Preempted) => each.reduce((all, one) => all + one[field], 0)
  return {
    ...{ preemptions: sum("preemptions"), taken: sum("taken"), torn: sum("torn"), restored: sum("restored") },
    ...{ restoredTorn: sum("restoredTorn"), inWriting: sum("inWriting"), unfinished: sum("unfinished") }
  }
}
