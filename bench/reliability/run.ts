import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Simulator } from "@anygpu/simulators"
import type { Contender, Note } from "./contender.ts"
import { offersOf, publicKey } from "./market.ts"
import { checkEstimates, costOf, type Leak, leaksOf } from "./meter.ts"
import { createMortal } from "./mortal.ts"
import { type Job, type Scenario, scenarioOf } from "./scenario.ts"
import { seeded } from "./seeded.ts"
import { createRunWorld, jobOfMachine, type Machine, type World } from "./world.ts"

/** What a run came to. */
export interface Outcome {
  readonly seed: number
  /** Machines that somebody wanted and was not told that they would not get. */
  readonly asked: number
  readonly paid: number
  /** What its users were told instead of getting a machine. */
  readonly refusals: ReadonlyArray<string>
  readonly kills: number
  readonly requests: number
  readonly claims: World["claims"]
  readonly leaks: ReadonlyArray<Leak>
  /** Machines whose estimate was held against their meter. */
  readonly estimated: number
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
      const fresh = { machine: null, place: null, until: null, launched: [] }
      return [name, { offers: own.length > 0 ? own : offers, ...fresh, over: refused !== null, refused }]
    })
  )
}

const registerKey = async ({ fetch, origin, apiKey }: Simulator): Promise<string> => {
  const answer = await fetch(`${origin}/api/v1/ssh-keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "x-api-key": apiKey, "content-type": "application/json" },
    body: JSON.stringify({ name: "mine", public_key: publicKey })
  })
  const { data } = (await answer.json()) as { readonly data: { readonly id: string } }
  return data.id
}

const paidFor = (machines: ReadonlyArray<Machine>) => machines.filter((machine) => costOf(machine) > 0)

/** How many of the machines that a job paid for somebody asked for: one, or as many launches as were written down. */
const askedOf = ({ form }: Job, note: Note | undefined, made: ReadonlyArray<Machine>): number => {
  if (form === "anywhere" || form === "race") {
    const written = paidFor(made).filter(({ id }) => note?.launched.includes(id)).length
    if (written > 0) return written
  }
  return note?.refused == null ? 1 : 0
}

const checkMachines = (scenario: Scenario, world: World, notes: ReadonlyMap<string, Note>) => {
  const problems: string[] = []
  let asked = 0
  for (const job of scenario.jobs) {
    const { name, form } = job
    const made = world.machines().filter((machine) => jobOfMachine(machine) === name)
    const wanted = askedOf(job, notes.get(name), made)
    const paid = paidFor(made).length
    asked += wanted
    if (paid !== wanted) problems.push(`${name}: ${paid} machines paid for, ${wanted} asked`)
    if (world.most(name) > atOnce[form]) problems.push(`${name}: ${world.most(name)} machines at once`)
    for (const { cloud, id, isAlive } of made) if (isAlive) problems.push(`${name}: ${cloud} ${id} is still there`)
  }
  return { asked, problems }
}

const runIn = async (scenario: Scenario, contender: Contender, folder: string): Promise<Outcome> => {
  const world = createRunWorld(scenario)
  const notes = await notesOf(scenario, world, contender)
  const costs = new Map<string, ReadonlyMap<string, number>>()
  const sshKeyId = scenario.clouds.includes("huddle") ? await registerKey(world.clouds.huddle) : ""
  world.startFaults()
  const file = join(folder, "ledger.db")
  const life = (mortal: ReturnType<typeof createMortal>) => ({
    ...{ world, scenario, mortal, notes, file, sshKeyId },
    over: ({ name }: { readonly name: string }, refused?: string) => {
      const note = notes.get(name)
      if (!note || note.over) return
      note.over = true
      note.refused = refused ?? null
      world.note(`${name} is over${refused ? `, refused: ${refused}` : ""}`)
      costs.set(name, new Map(world.machines().map((machine) => [machine.id, costOf(machine)])))
    }
  })
  let lives = 0
  for (; ; lives++) {
    const mortal = createMortal(world, `process ${lives + 1}`, scenario.kills[lives] ?? null)
    world.note(`process ${lives + 1} begins`)
    const isDone = await Promise.race([contender.live(life(mortal)).then(() => true), mortal.death.then(() => false)])
    if (isDone) break
    await world.clock.sleep((scenario.restarts[lives] ?? 1) * 1000)
  }
  world.endFaults()
  world.note("the faults are over")
  const left = await contender.settle(life(createMortal(world, "the last process", null)))
  await world.clock.sleep(grace)
  const { asked, problems } = checkMachines(scenario, world, notes)
  const violations = [...left, ...world.violations, ...problems, ...world.claims.wrong]
  const kept = { scenario, notes, machines: world.machines() }
  const { checked, wrong } = checkEstimates(kept)
  await world.clock.sleep(horizon)
  const leaks = leaksOf({ ...kept, machines: world.machines(), costs, walks: contender.walks })
  const wanted = [...notes.values()]
  const requests = Object.values(world.clouds).reduce((sum, cloud) => sum + cloud.requests().length, 0)
  world.clock.close()
  return {
    seed: scenario.seed,
    asked,
    paid: paidFor(kept.machines).length,
    refusals: wanted.flatMap(({ refused }) => refused ?? []),
    ...{ kills: lives, requests, claims: world.claims, leaks, estimated: checked },
    violations: [...violations, ...wrong, ...leaks.map(({ text }) => text)],
    story: world.story
  }
}

/** One run of a contender from a seed: the same every time. */
export const runOne = (seed: number, contender: Contender): Promise<Outcome> =>
  seeded(seed, async () => {
    const folder = mkdtempSync(join(tmpdir(), "anygpu-reliability-"))
    try {
      return await runIn(scenarioOf(seed), contender, folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
