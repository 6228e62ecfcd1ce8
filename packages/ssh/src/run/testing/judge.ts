import type { RunRecord } from "@anygpu/core"
import { maxTotal, minute, type Scenario } from "./scenario.ts"
import type { World } from "./trial.ts"

/** What is wrong with how it came out. */
export const judge = (
  scenario: Scenario,
  world: World,
  record: RunRecord | undefined,
  outputs: Map<number, string>
) => {
  const { clouds, clock, hosts, home } = world
  const { retry, retryOnExit, program, duration, isStopped } = scenario
  const faults: Array<string> = []
  const must = (holds: boolean, text: string) => void (holds || faults.push(text))
  const attempts = record?.attempts ?? []
  const last = attempts.at(-1)
  const begun = attempts.filter(({ startedAt }) => startedAt !== null)
  must(record?.state === "over", "the run is not over")
  must(
    clouds.every((cloud) => cloud.alive().length === 0),
    "machines are left"
  )
  const cost = clouds.flatMap((cloud) => cloud.truth().map(({ id }) => cloud.costOf(id, clock.now()).micros))
  const spent = cost.reduce((sum, micros) => sum + micros, 0)
  must(spent <= maxTotal.micros, `it cost ${spent}`)
  const lived = clouds.flatMap((cloud) => cloud.truth().map(({ madeAt, endedAt }) => (endedAt ?? clock.now()) - madeAt))
  const time = lived.reduce((sum, millis) => sum + millis, 0)
  const isCutOff = scenario.offline.length > 0 || scenario.kills.length > 0
  must(time <= duration + minute || isCutOff, `its machines lived ${time / minute} of ${duration / minute} minutes`)
  const jobs = [...hosts.values()].flatMap((host) => [...host.jobs.keys()])
  must(new Set(jobs).size === jobs.length, "a command was begun twice in one attempt")
  const known = new Set(attempts.map(({ job }) => job))
  must(
    jobs.every((job) => known.has(job)),
    "a command was begun outside of the attempts"
  )
  must(begun.length <= retry + 1, `${begun.length} attempts began with ${retry} retries`)
  for (const [path, content] of home.files) must(!path.includes("kept-") || content !== "torn", `${path} is torn`)
  if (last?.end === "exited") {
    must(last.code === program.code, `the code is ${last.code}`)
    // Who comes back after the time was over has a minute, and a machine that answers nobody in it keeps its results.
    const isLate = time > duration && last.note === "the results are not home: the time was over"
    must(isLate || home.files.get("/home/out/result") === `done ${program.steps}`, "the results are not home")
    must(
      !retryOnExit || program.code === 0 || begun.length === retry + 1 || isStopped !== null || time > duration / 2,
      "it was not tried again"
    )
    const out = outputs.get(last.number) ?? ""
    const host = hosts.get(last.ref ?? "")
    const first = host ? [...host.jobs.values()].at(-1)?.firstStep : undefined
    must(
      out.split("\n").length - 1 === program.steps - (first ?? 0) || scenario.twoAtOnce || scenario.kills.length > 0,
      `${out.split("\n").length - 1} lines came of ${program.steps - (first ?? 0)}`
    )
  }
  if (last?.end === "lost") {
    const isUsedUp = begun.length === retry + 1 || attempts.length - begun.length >= 5
    must(
      isUsedUp || time > duration * 0.7 || isStopped !== null,
      `it was given up after ${begun.length} of ${retry + 1}`
    )
  }
  if (last?.end === "failed") faults.push(`it failed: ${last.note}`)
  return { faults, spent, begun: begun.length, end: last?.end ?? "none" }
}
