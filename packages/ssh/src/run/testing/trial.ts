import { clockFrom, type GpuError, memoryLedger } from "@anygpu/core"
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
import { onNetwork, openGate } from "./gate.ts"
import type { Host } from "./host.ts"
import { judge } from "./judge.ts"
import { fateOf, maxTotal, minute, never, type Scenario, scenarioOf, second } from "./scenario.ts"
import { type Home, sessionOn, snapshotsIn } from "./session.ts"

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

/** Several clouds, the machines on them, and the computer that the run is begun from. */
export type World = ReturnType<typeof openWorld>

/** A process of the computer: what a run is made with there, until it is killed. */
const openProcess = (world: World, killedAt: number | null) => {
  const { clouds, ledger, home, hostOf } = world
  const gate = openGate(killedAt)
  const own = gate.around(ledger)
  const gpu = makeGpu({ clouds: clouds.map((cloud) => cloud.reopen()), ledger: own })
  const { launch, get, terminate, recover } = gpu
  const parts: RunParts = {
    gpu: gate.around(onNetwork({ launch, get, terminate, recover }, home.isOffline)),
    ledger: own,
    snapshots: gate.around(snapshotsIn(home)),
    now: Clock.currentTimeMillis,
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

/** Puts a fault into what a process runs with, which a trial has to find. */
export type Broken = (parts: RunParts) => RunParts

/** One seeded run, by as many processes as it takes. */
export const runTrial = async (
  seed: number,
  story: (line: string) => void = () => {},
  broken: Broken = (parts) => parts
): Promise<Trial> => {
  const scenario = scenarioOf(seed)
  const world = openWorld(scenario)
  const { clock, chance } = { ...world, chance: scenario.chance }
  const outputs = new Map<number, string>()
  const note = (text: string) => story(`${((clock.now() - world.began) / minute).toFixed(1)} min: ${text}`)
  const torn: Array<string> = []
  const listen = (event: RunEvent) => {
    if (event.type === "checkpoint" && world.home.files.get(`${event.snapshot}/state`) === "torn") {
      torn.push(`${event.snapshot} is torn`)
    }
    if (event.type !== "output") {
      note(event.type === "launching" ? `launching ${event.step.type}` : JSON.stringify(event).slice(0, 300))
      return
    }
    if (event.stream === "err") return
    const before = outputs.get(event.attempt) ?? ""
    outputs.set(event.attempt, before.slice(0, event.from) + Buffer.from(event.bytes).toString())
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
    const parts = broken(mortal.parts)
    const isAttached = tries > 0 && chance.percent(40)
    note(`process ${tries + 1} ${isAttached ? "attaches" : "runs"}${killedAt ? `, killed at step ${killedAt}` : ""}`)
    const work = isAttached ? attach(parts, "train", { onEvent: listen }) : run(parts, request)
    const other = scenario.twoAtOnce ? onClock(world, run(broken(openProcess(world, null).parts), request)) : null
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
  const { faults, spent, begun, end } = judge(scenario, world, record, outputs)
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
  return { seed, faults: [...faults, ...torn], outcome, counts }
}
