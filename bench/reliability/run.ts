import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Simulator } from "@anygpu/simulators"
import { publicKey } from "../cloud.ts"
import { benchCloud, ofCloud } from "../cloud-list.ts"
import type { Contender, Life, Note } from "./contender.ts"
import { createJudge, limitsOf } from "./judge.ts"
import { offersOf } from "./market.ts"
import { checkEstimates, costOf, isNamed, type Leak, leaksOf } from "./meter.ts"
import { createMortal, type Mortal } from "./mortal.ts"
import { type Job, type Scenario, scenarioOf } from "./scenario.ts"
import { seeded } from "./seeded.ts"
import { createRunWorld, jobOfMachine, type Machine, type World } from "./world.ts"

/** What a run came to. */
export interface Outcome {
  readonly seed: number
  /** Machines that somebody wanted and got no error for. */
  readonly asked: number
  readonly paid: number
  /** The errors that its users got instead of a machine. */
  readonly refusals: ReadonlyArray<string>
  readonly requests: number
  /** How often each thing went wrong on purpose. */
  readonly strikes: ReadonlyMap<string, number>
  readonly claims: World["claims"]
  readonly leaks: ReadonlyArray<Leak>
  /** Machines whose estimate was compared with their meter. */
  readonly estimated: number
  /** What is wrong by the contender's own account in the end. */
  readonly lost: ReadonlyArray<string>
  /** Machines that are there in the end, or named in an answer and never there. */
  readonly unaccounted: ReadonlyArray<string>
  /** Machines taken for gone while they lived, or ended unasked. */
  readonly wrongEnds: ReadonlyArray<string>
  /** Jobs that paid for more machines than were asked for, or had more at once. */
  readonly twice: ReadonlyArray<string>
  /** Limits that were passed. */
  readonly exceeded: ReadonlyArray<string>
  /** What must never be; empty when all is well. */
  readonly violations: ReadonlyArray<string>
  /** What happened, request by request. */
  story(): string
}

/** How many machines a job may have at once. */
const atOnce = { launch: 1, ttl: 1, lease: 1, anywhere: 1, race: 2 } as const

/** So long after the last process a machine whose end was accepted may still be there. */
const grace = 600_000

/** How long what was left behind goes on costing. */
const horizon = 24 * 3_600_000

const notesOf = async (
  scenario: Scenario,
  { clouds, clock }: World,
  { reads = (offer) => offer }: Contender
): Promise<ReadonlyMap<string, Note>> => {
  const market = await offersOf(
    clouds,
    clock,
    scenario.jobs.flatMap((job) => job.stalls)
  )
  return new Map(
    scenario.jobs.map(({ name, stalls }, index) => {
      const offers = market
        .map(reads)
        .filter(({ provider, kind }) => stalls.some((stall) => stall.cloud === provider && stall.kind === kind))
      // Two jobs do not want the same hardware where there is enough.
      const own = offers.filter((_, at) => at % scenario.jobs.length === index)
      const refused = offers.length > 0 ? null : "nothing is offered"
      const fresh = {
        machine: null,
        workers: new Set<Mortal>(),
        place: null,
        until: null,
        launched: [],
        got: new Set<string>(),
        named: new Set<string>()
      }
      return [name, { offers: own.length > 0 ? own : offers, ...fresh, over: refused !== null, refused }]
    })
  )
}

/** Registers the key with an account as a program by hand does; none where a create takes the key itself. */
const registerKey = async (cloud: string, { fetch, origin, apiKey }: Simulator) => {
  const { register, header } = benchCloud(cloud).speech
  if (!register) return []
  const { method, path, body } = register.request(publicKey)
  const headers = { "content-type": "application/json", ...header(apiKey) }
  const answer = await fetch(origin + path, { method, headers, body: JSON.stringify(body) })
  return [[cloud, register.idIn({ status: answer.status, body: await answer.json() })] as const]
}

const registerKeys = async (names: ReadonlyArray<string>, clouds: World["clouds"]) => {
  const ids: Array<readonly [cloud: string, id: string]> = []
  for (const name of names) ids.push(...(await registerKey(name, ofCloud(clouds, name))))
  return Object.fromEntries(ids)
}

const paidFor = (machines: ReadonlyArray<Machine>) => machines.filter((machine) => costOf(machine) > 0)

/** How many of the machines that a job paid for somebody asked for: one, or as many launches as were written down. */
const askedOf = ({ form }: Job, note: Note | undefined, made: ReadonlyArray<Machine>): number => {
  const paid = paidFor(made)
  const named = paid.filter(({ id }) => isNamed(note, id))
  if (form === "anywhere" || form === "race") {
    const written = paid.filter((machine) => note?.launched.includes(machine.id) || named.includes(machine)).length
    if (written > 0) return written
  }
  return note?.refused == null ? 1 : named.length
}

/** Holds the machines that were made against those that were asked for. */
const checkMachines = (scenario: Scenario, world: World, notes: ReadonlyMap<string, Note>) => {
  const unaccounted: string[] = []
  const twice: string[] = []
  let asked = 0
  for (const job of scenario.jobs) {
    const { name, form } = job
    const note = notes.get(name)
    const made = world.machines().filter((machine) => jobOfMachine(machine) === name)
    const wanted = askedOf(job, note, made)
    const paid = paidFor(made).length
    asked += wanted
    if (paid > wanted) twice.push(`${name}: ${paid} machines paid for, ${wanted} asked`)
    if (note && note.got.size > 1 && form !== "race") {
      twice.push(`${name}: ${[...note.got].join(" and ")} were given for one key`)
    }
    if (world.most(name) > atOnce[form]) twice.push(`${name}: ${world.most(name)} machines at once`)
    for (const { cloud, id, isAlive } of made) {
      if (isAlive) unaccounted.push(`${name}: ${cloud} ${id} is still there`)
    }
    if (note?.machine != null && !made.some(({ id }) => id === note.machine)) {
      unaccounted.push(`${name}: an answer named the machine ${note.machine} that never was`)
    }
  }
  for (const { cloud, id, isAlive } of world.strangers()) {
    if (!isAlive) world.wrongEnds.push(`${cloud} ${id}, which is somebody else's, is gone`)
  }
  return { asked, unaccounted, twice }
}

/** One process after the other, until one is done and none is left that was frozen. */
const liveAll = async (scenario: Scenario, world: World, contender: Contender, lifeOf: (mortal: Mortal) => Life) => {
  const resumed: Array<Promise<void>> = []
  const hasRace = scenario.jobs.some(({ form }) => form === "race")
  for (let life = 0; ; life++) {
    const planned = scenario.blows[life] ?? null
    // A race has no key: of two processes that race, each wants its own.
    const blow = planned && hasRace ? { ...planned, frozenFor: null } : planned
    const broken = scenario.brokenWrites.filter((one) => one.life === life)
    const mortal = createMortal(world, `process ${life + 1}`, blow, broken)
    world.note(`${mortal.name} begins`)
    const live = contender.live(lifeOf(mortal))
    const what = await Promise.race([
      live.then(() => "done"),
      mortal.death.then(() => "dead"),
      mortal.freeze.then(() => "frozen")
    ])
    if (what === "frozen") resumed.push(live)
    if (what === "done") break
    await world.clock.sleep((scenario.restarts[life] ?? 1) * 1000)
  }
  await Promise.all(resumed)
}

const runIn = async (scenario: Scenario, contender: Contender, folder: string): Promise<Outcome> => {
  const world = createRunWorld(scenario)
  const notes = await notesOf(scenario, world, contender)
  const costs = new Map<string, ReadonlyMap<string, number>>()
  const keyIds = await registerKeys(scenario.clouds, world.clouds)
  const limits = limitsOf(scenario, notes)
  const judge = createJudge(scenario, world, notes, limits)
  world.startFaults()
  const lifeOf = (mortal: Mortal): Life => ({
    ...{ world, scenario, mortal, notes, judge, limits, file: join(folder, "ledger.db"), keyIds },
    got: ({ name }, machine) => {
      const note = notes.get(name)
      if (!note) return
      note.machine = machine
      note.got.add(machine)
      if (note.refused === null) return
      note.over = false
      note.refused = null
    },
    over: ({ name }, refused) => {
      const note = notes.get(name)
      if (!note) return
      // Of several processes that work on it, one of which was frozen meanwhile, the last one ends it.
      costs.set(name, new Map(world.machines().map((machine) => [machine.id, costOf(machine)])))
      if (note.over) return
      note.over = true
      note.refused = refused ?? null
      world.note(`${name} is over${refused ? `, refused: ${refused}` : ""}`)
    }
  })
  await liveAll(scenario, world, contender, lifeOf)
  world.endFaults()
  world.note("the faults are over")
  const left = await contender.settle(lifeOf(createMortal(world, "the last process", null)))
  await world.clock.sleep(grace)
  const { asked, unaccounted, twice } = checkMachines(scenario, world, notes)
  const kept = { scenario, notes, machines: world.machines() }
  const { checked, wrong } = checkEstimates(kept)
  await world.clock.sleep(horizon)
  const leaks = leaksOf({ ...kept, machines: world.machines(), costs, walks: contender.walks })
  const { claims, wrongEnds, strikes } = world
  const { exceeded } = judge
  const lost = [...left, ...world.violations, ...unaccounted]
  const requests = Object.values(world.clouds).reduce((sum, cloud) => sum + cloud.requests().length, 0)
  world.clock.close()
  return {
    ...{ seed: scenario.seed, asked, requests, claims, leaks, estimated: checked, strikes },
    paid: paidFor(kept.machines).length,
    refusals: [...notes.values()].flatMap(({ refused }) => refused ?? []),
    ...{ lost, unaccounted, wrongEnds, twice, exceeded },
    violations: [
      ...[...lost, ...wrongEnds, ...twice, ...exceeded, ...claims.wrong, ...wrong],
      ...leaks.map(({ text }) => text)
    ],
    story: world.story
  }
}

/** Where ledgers are kept: in memory where there is such a folder, since no run loses its power. */
const scratch = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()

/** One run of a contender from a seed: the same every time. */
export const runOne = (seed: number, contender: Contender, draw = scenarioOf): Promise<Outcome> =>
  seeded(seed, async () => {
    const folder = mkdtempSync(join(scratch, "anygpu-reliability-"))
    try {
      return await runIn(draw(seed), contender, folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
