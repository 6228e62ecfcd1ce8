import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createRandom, type Random } from "@anygpu/simulators"
import * as Effect from "effect/Effect"
import { cloudNames } from "../cloud-list.ts"
import { costOf } from "../reliability/meter.ts"
import { openClouds, type StormClouds } from "./clouds.ts"
import { bundleChild, createHerd, type Sheep } from "./herd.ts"
import type { Order, Word } from "./words.ts"

/** How hard it blows. */
export interface StormOptions {
  readonly seed: number
  readonly kills: number
  readonly stops: number
  readonly processes: number
  /** How much faster the clouds' time runs. */
  readonly speed: number
  /** Milliseconds of real time after which it ends, done or not. */
  readonly within: number
}

/** What was found when it was over. */
export interface Aftermath {
  readonly seconds: number
  readonly kills: number
  readonly stops: number
  /** Where the kills and stops met the launch: how far it was by the ledger and the account. */
  readonly met: Readonly<Record<string, number>>
  readonly keys: number
  /** How often a child got the answer which machine is its own. */
  readonly answered: number
  /** The errors that children got instead, by class. */
  readonly failed: Readonly<Record<string, number>>
  readonly machines: number
  /** Machines that are there and that neither ledger nor recovery knows. */
  readonly lost: ReadonlyArray<string>
  /** Keys that had two machines at once, at any moment. */
  readonly twiceAlive: ReadonlyArray<string>
  /** Keys for which two machines were paid. */
  readonly twicePaid: ReadonlyArray<string>
  /** Keys under which children got two machines. */
  readonly twoMachines: ReadonlyArray<string>
  /** Launches that are not settled when all is calm. */
  readonly unsettled: ReadonlyArray<string>
}

/** So many keys are launched under at once; each is given up after so many answers or tries. */
const atOnce = 6
const answersEach = 2
const triesEach = 14

interface KeyState {
  readonly key: string
  readonly cloud: string
  tries: number
  readonly machines: string[]
}

const [firstCloud, ...otherClouds] = cloudNames
if (firstCloud === undefined) throw new Error("the benches know no cloud")
const names = [firstCloud, ...otherClouds] as const

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

const keyOf = ({ name }: { readonly name: string }): string => name.split("-")[0] ?? ""

/** The keys that children launch under, a few at once. */
const createKeys = (random: Random) => {
  const all = new Map<string, KeyState>()
  const active: KeyState[] = []
  const isOver = ({ tries, machines }: KeyState) => tries >= triesEach || machines.length >= answersEach
  const next = (): Order => {
    for (const [index, state] of active.entries()) if (isOver(state)) active.splice(index, 1)
    while (active.length < atOnce) {
      const state: KeyState = { key: `k${all.size + 1}`, cloud: random.pick(names), tries: 0, machines: [] }
      all.set(state.key, state)
      active.push(state)
    }
    const state = active[random.integer(0, active.length - 1)]
    if (!state) throw new Error("there is no key")
    state.tries += 1
    return { key: state.key, cloud: state.cloud, draw: random.next() }
  }
  return { all, next }
}

/** How far the launch of a key is. */
const stageOf = (key: string, { client, truth }: StormClouds): string => {
  const record = Effect.runSync(client.ledger.launches({ key })).at(-1)
  const made = truth().some((machine) => keyOf(machine) === key)
  if (!record) return made ? "a machine without a launch" : "before the launch was written"
  if (record.state === "open") return made ? "its machine made, not noted" : "written, nothing made"
  return record.state === "created" ? "its machine noted" : `settled as ${record.state}`
}

/**
 * What is there when all children are gone and nothing goes wrong any more.
 *
 * - On a busy computer an account may not be read in time: its machines are not lost for that, and it is read again.
 */
const takeStock = async ({ client, truth, clock }: StormClouds) => {
  const { gpu } = client
  const calm = clock.now() + 15 * 60_000
  let unsettled = (await gpu.recover()).unsettled
  while (unsettled.length > 0 && clock.now() < calm) {
    await pause(500)
    unsettled = (await gpu.recover()).unsettled
  }
  let report = await gpu.audit()
  while (!report.complete && clock.now() < calm) {
    await pause(500)
    report = await gpu.audit()
  }
  const { claimed, lost, problems } = report
  const unread = new Set(problems.map(({ provider }) => String(provider)))
  const known = new Set(claimed.map(({ machine }) => machine.ref.id))
  const there = truth().filter(({ isAlive, isEnding }) => isAlive && !isEnding)
  return {
    unsettled: [
      ...unsettled.map(({ key, marker }) => `${key} (${marker})`),
      ...[...unread].map((provider) => `${provider} could not be read to the end: what is lost there is not known`)
    ],
    lost: [
      ...there.filter(({ id }) => !known.has(id)).map(({ id, name }) => `${name} is ${id}`),
      ...lost.map(({ ref }) => `${ref} is only in the ledger`)
    ]
  }
}

/** Lets children launch, and kills and freezes them at it. */
const rage = async (options: StormOptions, clouds: StormClouds, folder: string) => {
  const random = createRandom(options.seed)
  const keys = createKeys(random)
  const herd = createHerd(await bundleChild(folder), clouds.setup, folder)
  const count = { kills: 0, stops: 0, answered: 0 }
  const met: Record<string, number> = {}
  const failed: Record<string, number> = {}
  const twiceAlive = new Set<string>()
  const until = Date.now() + options.within
  const isOver = () => (count.kills >= options.kills && count.stops >= options.stops) || Date.now() > until

  const strike = (how: string, key: string) => {
    const stage = `${how}: ${stageOf(key, clouds)}`
    met[stage] = (met[stage] ?? 0) + 1
  }
  const stop = async (sheep: Sheep, key: string) => {
    sheep.stop()
    count.stops += 1
    strike("frozen", key)
    await pause(random.pick([50, 500, 3000, 8000, 12_000]) * (60 / options.speed))
    sheep.resume()
  }
  /** Now and then something happens to a launch, soon after it began or later. */
  const meet = async (sheep: Sheep, key: string, isStill: () => boolean) => {
    const draw = random.next()
    await pause(random.integer(0, random.pick([15, 60, 250, 2000])))
    if (!isStill() || isOver()) return
    if (draw < 0.62 && count.kills < options.kills) {
      count.kills += 1
      strike("killed", key)
      sheep.kill()
    } else if (draw < 0.92 && count.stops < options.stops) await stop(sheep, key)
  }
  const work = (sheep: Sheep) => {
    const order = keys.next()
    if (random.next() < 0.25) clouds.disturb(random, order.cloud)
    sheep.order(order)
  }
  const doing = new Map<Sheep, string>()
  const hear = (sheep: Sheep, word: Word) => {
    if (word.says === "begins") {
      doing.set(sheep, word.key)
      void meet(sheep, word.key, () => doing.get(sheep) === word.key && !sheep.isStopped())
      return
    }
    doing.delete(sheep)
    if (word.says === "has") {
      count.answered += 1
      keys.all.get(word.key)?.machines.push(word.id)
    }
    if (word.says === "failed") {
      const [what = ""] = word.error.split(":")
      failed[what] = (failed[what] ?? 0) + 1
    }
    if (!isOver()) work(sheep)
  }
  const gone = (sheep: Sheep) => {
    doing.delete(sheep)
    if (!isOver()) herd.add(hear, gone)
  }
  const look = () => {
    const alive = clouds.truth().filter(({ isAlive, isEnding }) => isAlive && !isEnding)
    const seen = new Set<string>()
    for (const key of alive.map(keyOf)) {
      if (seen.has(key)) twiceAlive.add(key)
      seen.add(key)
    }
  }
  const ends = () => void herd.end()
  process.once("exit", ends)
  try {
    for (let child = 0; child < options.processes; child++) herd.add(hear, gone)
    while (!isOver()) {
      await pause(100)
      look()
    }
    // Those that were frozen go on, and find out.
    await pause(15_000 * (60 / options.speed))
    look()
  } finally {
    await herd.end()
    process.off("exit", ends)
  }
  return { keys: keys.all, twiceAlive, met, failed, ...count }
}

/** Some processes launch under shared keys on one ledger, and are killed and frozen at random moments. */
export const storm = async (options: StormOptions): Promise<Aftermath> => {
  const start = Date.now()
  const folder = mkdtempSync(join(tmpdir(), "anygpu-chaos-"))
  const clouds = await openClouds({ ...options, ledger: join(folder, "ledger.db") })
  try {
    const { keys, twiceAlive, ...raged } = await rage(options, clouds, folder)
    const stock = await takeStock(clouds)
    const machines = clouds.truth()
    const paid = machines.filter((machine) => costOf(machine) > 0).map(keyOf)
    return {
      ...{ ...raged, ...stock, keys: keys.size, machines: machines.length },
      seconds: Math.round((Date.now() - start) / 1000),
      twiceAlive: [...twiceAlive],
      twicePaid: [...new Set(paid.filter((key, index) => paid.indexOf(key) !== index))],
      twoMachines: [...keys.values()].filter(({ machines }) => new Set(machines).size > 1).map(({ key }) => key)
    }
  } finally {
    await clouds.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
