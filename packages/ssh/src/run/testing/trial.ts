import { clockFrom, type GpuError, memoryLedger, money, type RunRecord } from "@anygpu/core"
import { memoryCloud } from "@anygpu/memory"
import { createClock } from "@anygpu/simulators"
import { makeGpu } from "anygpu/effect"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { RunEvent } from "../event.ts"
import type { RunOutcome } from "../outcome.ts"
import type { RunParts } from "../parts.ts"
import type { RunRequest } from "../request.ts"
import { attach, run, stopRun } from "../run.ts"
import { chanceOf } from "./chance.ts"
import { onNetwork, openGate } from "./gate.ts"
import type { Host, Program } from "./host.ts"
import { type Home, sessionOn, snapshotsIn } from "./session.ts"

const second = 1000
const minute = 60 * second
const maxTotal = money("9")
const never = Number.POSITIVE_INFINITY

/** What is to happen in one trial. */
const scenarioOf = (seed: number) => {
  const chance = chanceOf(seed)
  const program: Program = {
    steps: chance.between(20, 400),
    stepMillis: chance.between(2, 20) * second,
    checkpointEvery: chance.between(3, 30),
    writeMillis: chance.between(0, 2) * second,
    code: chance.percent(15) ? chance.between(1, 3) : 0
  }
  const offline = chance.percent(25) ? [{ from: chance.between(0, 40) * minute, minutes: chance.between(1, 30) }] : []
  return {
    ...{ seed, program, chance },
    retry: chance.between(0, 4),
    retryOnExit: chance.percent(20),
    duration: (chance.percent(15) ? chance.between(10, 40) : chance.between(120, 240)) * minute,
    offline: offline.map(({ from, minutes }) => ({ from, until: from + minutes * minute })),
    /** At which steps of its processes the run's computer is killed. */
    kills: chance.percent(50) ? Array.from({ length: chance.between(1, 4) }, () => chance.between(1, 120)) : [],
    isStopped: chance.percent(6) ? chance.between(1, 60) * minute : null,
    twoAtOnce: chance.percent(20),
    lostAnswers: chance.percent(20) ? chance.between(1, 2) : 0
  }
}

type Scenario = ReturnType<typeof scenarioOf>

/** How a machine will fare, from the moment that it was made. */
const fateOf = ({ chance, program }: Scenario, madeAt: number): Host => {
  const minutes = (from: number, to: number) => madeAt + chance.between(from, to) * minute
  const drops = Array.from({ length: chance.between(0, 6) }, () => {
    const from = minutes(1, 90)
    return { from, until: from + chance.between(1, 200) * second }
  })
  const isTaken = chance.percent(35)
  return {
    ...{ jobs: new Map(), restored: 0, program, drops },
    deadAt: isTaken ? minutes(0, 60) : never,
    silentAt: !isTaken && chance.percent(8) ? minutes(2, 60) : never
  }
}

/** What a trial came to. */
export interface Trial {
  readonly seed: number
  /** What was not as it must be; empty when all was. */
  readonly faults: ReadonlyArray<string>
  readonly outcome: RunOutcome | GpuError | null
  readonly counts: Readonly<Record<string, number>>
}

/** Several clouds, the machines on them, and the computer that the run is begun from. */
const openWorld = (scenario: Scenario) => {
  const clock = createClock({ mode: "auto" })
  const began = clock.now()
  const { chance } = scenario
  const offersOf = (from: number) =>
    Array.from({ length: 4 }, (_, index) => ({
      ...{ id: `o${index}`, gpu: "RTX 4090", perHour: String(from + index / 4) },
      bootMillis: chance.between(20, 200) * second
    }))
  const clouds = [
    memoryCloud({ name: "alpha", offers: offersOf(1) }),
    memoryCloud({ name: "beta", offers: offersOf(1.5) })
  ] as const
  for (let left = scenario.lostAnswers; left > 0; left--) clouds[0].fail("create", "answer-lost")
  const hosts = new Map<string, Host>()
  const hostOf = (ref: string): Host => {
    const there = hosts.get(ref)
    if (there) return there
    const [name, , id] = ref.split("/")
    const cloud = clouds.find((one) => one.name === name)
    const machine = cloud?.truth().find((one) => one.id === id)
    if (!cloud || !machine) throw new Error(`no cloud has made ${ref}`)
    const host = fateOf(scenario, machine.madeAt)
    hosts.set(ref, host)
    if (host.deadAt < never) {
      void clock.sleep(Math.max(0, host.deadAt - clock.now())).then(() => {
        if (cloud.stateOf(machine.id, clock.now()) !== null) cloud.take(machine.id, clock.now())
      })
    }
    return host
  }
  const isOffline = (now: number) =>
    scenario.offline.some(({ from, until }) => now - began >= from && now - began < until)
  const home: Home = { files: new Map(), isOffline }
  return { clock, began, clouds, hosts, hostOf, home, ledger: memoryLedger() }
}

type World = ReturnType<typeof openWorld>

/** A process of the computer: what a run is made with there, until it is killed. */
const openProcess = (world: World, killedAt: number | null) => {
  const { clouds, ledger, home, hostOf } = world
  const gate = openGate(killedAt)
  const own = gate.around(ledger)
  const gpu = makeGpu({ clouds: clouds.map((cloud) => cloud.reopen()), ledger: own })
  const parts: RunParts = {
    gpu: gate.around(onNetwork({ launch: gpu.launch, get: gpu.get, terminate: gpu.terminate }, home.isOffline)),
    ledger: own,
    snapshots: gate.around(snapshotsIn(home)),
    connect: (ref, { patience }) =>
      Effect.map(Effect.void, () => gate.around(sessionOn(hostOf(String(ref)), home, Number(patience))))
  }
  return { ...gate, parts, gpu }
}

const onClock = <A>(world: World, effect: Effect.Effect<A, GpuError>): Promise<Exit.Exit<A, GpuError>> =>
  new Promise((resolve) => {
    Effect.runForkWith(Context.make(Clock.Clock, clockFrom(world.clock)))(effect).addObserver(resolve)
  })

const requestOf = ({ duration, retry, retryOnExit }: Scenario, onEvent: (event: RunEvent) => void): RunRequest => ({
  ...{ command: "train", key: "train", workload: { os: "ubuntu" }, candidates: { kind: "vm", gpu: "RTX 4090" } },
  ...{ job: { duration }, limits: { maxTotal }, download: { globs: "out/**", to: "/home" } },
  ...{ checkpoint: { folder: "ckpt", every: "1 minute", store: "/store" }, upload: "/code" },
  ...{ retry, retryOnExit, verify: false, onEvent }
})

/** What is wrong with how it came out. */
const judge = (scenario: Scenario, world: World, record: RunRecord | undefined, told: Map<number, string>) => {
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
  must(begun.length <= retry + 1, `${begun.length} attempts began with ${retry} retries`)
  for (const [path, content] of home.files) must(!path.includes("kept-") || content !== "torn", `${path} is torn`)
  if (last?.end === "exited") {
    must(last.code === program.code, `the code is ${last.code}`)
    must(home.files.get("/home/out/result") === `done ${program.steps}`, "the results are not home")
    must(
      !retryOnExit || program.code === 0 || begun.length === retry + 1 || isStopped !== null || time > duration / 2,
      "it was not tried again"
    )
    const out = told.get(last.number) ?? ""
    const host = hosts.get(last.ref ?? "")
    const first = host ? [...host.jobs.values()].at(-1)?.firstStep : undefined
    must(
      out.split("\n").length - 1 === program.steps - (first ?? 0) || scenario.twoAtOnce || scenario.kills.length > 0,
      `${out.split("\n").length - 1} lines were told of ${program.steps - (first ?? 0)}`
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

/** One seeded run, by as many processes as it takes. */
export const runTrial = async (seed: number, story: (line: string) => void = () => {}): Promise<Trial> => {
  const scenario = scenarioOf(seed)
  const world = openWorld(scenario)
  const { clock, chance } = { ...world, chance: scenario.chance }
  const told = new Map<number, string>()
  const note = (text: string) => story(`${((clock.now() - world.began) / minute).toFixed(1)} min: ${text}`)
  const listen = (event: RunEvent) => {
    if (event.type !== "output") {
      note(event.type === "launching" ? `launching ${event.step.type}` : JSON.stringify(event).slice(0, 300))
      return
    }
    if (event.stream === "err") return
    const before = told.get(event.attempt) ?? ""
    told.set(event.attempt, before.slice(0, event.from) + Buffer.from(event.bytes).toString())
  }
  const request = requestOf(scenario, listen)
  let outcome: RunOutcome | GpuError | null = null
  const { isStopped } = scenario
  const stops = isStopped === null ? null : clock.sleep(isStopped)
  const stopping = stops?.then(async () => {
    note("somebody asks for its end")
    const exit = await onClock(world, stopRun(openProcess(world, null).parts, "train"))
    note(`the one who asked sees ${exit._tag}`)
  })
  const kills = [...scenario.kills]
  for (let tries = 0; tries < 40; tries++) {
    const killedAt = kills.shift() ?? null
    const mortal = openProcess(world, killedAt)
    const isAttached = tries > 0 && chance.percent(40)
    note(`process ${tries + 1} ${isAttached ? "attaches" : "runs"}${killedAt ? `, killed at step ${killedAt}` : ""}`)
    const work = isAttached ? attach(mortal.parts, "train", { onEvent: listen }) : run(mortal.parts, request)
    const other = scenario.twoAtOnce ? onClock(world, run(openProcess(world, null).parts, request)) : null
    const exit = await Promise.race([onClock(world, work), mortal.death.then(() => null)])
    if (other) await other
    if (exit === null) {
      note("killed")
      await clock.sleep(chance.between(0, 20) * minute)
      continue
    }
    if (Exit.isSuccess(exit)) {
      outcome = exit.value
      if (outcome.state === "over") break
    } else {
      const error = exit.cause.reasons.flatMap((reason) => ("error" in reason ? [reason.error as GpuError] : []))[0]
      if (!error) throw new Error(`seed ${seed}: ${String(exit.cause)}`)
      note(`${error._tag}: ${error.message}`)
      outcome = error
      if (error.retry === "permanent" && !isAttached) break
      await clock.sleep(2 * minute)
    }
  }
  await stopping
  const sweeper = openProcess(world, null)
  if (scenario.kills.length > 0) await onClock(world, sweeper.gpu.recover())
  const [record] = (await Effect.runPromise(world.ledger.runs({ key: "train" }))) ?? []
  const { faults, spent, begun, end } = judge(scenario, world, record, told)
  note(`over: ${end}; ${faults.join("; ")}`)
  const counts = {
    ...{ runs: 1, [`ended ${end}`]: 1, "machines rented": world.clouds.flatMap((cloud) => cloud.truth()).length },
    "attempts begun": begun,
    "machines taken": [...world.hosts.values()].filter(({ deadAt }) => deadAt <= clock.now()).length,
    "machines silent": [...world.hosts.values()].filter(({ silentAt }) => silentAt <= clock.now()).length,
    "processes killed": scenario.kills.length - kills.length,
    "micros spent": spent
  }
  clock.close()
  return { seed, faults, outcome, counts }
}
