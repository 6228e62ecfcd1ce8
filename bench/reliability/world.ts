import type { MachineTruth, RequestRecord, VirtualClock } from "@anygpu/simulators"
import { benchCloud, cloudNames, ofCloud } from "../cloud-list.ts"
import { addStrangers, type Clouds, createClouds, createTime } from "./clouds.ts"
import type { Planned } from "./faults.ts"
import type { Scenario } from "./scenario.ts"
import { strike } from "./strokes.ts"

/** A machine as it truly is, and where. */
export interface Machine extends MachineTruth {
  readonly cloud: string
}

/** That a client said of a machine that it runs. */
export interface Claim {
  readonly cloud: string
  readonly id: string
  /** When what was said was observed, in epoch milliseconds of the client's computer. */
  readonly at: number
  /** From a list that knows less than a read. */
  readonly summary: boolean
}

/** What hears of machines as they are made, and as requests end them. */
export interface Watcher {
  readonly made: (machine: Machine) => void
  /** A request to end it was sent, whatever came of it. */
  readonly asked: (machine: Machine) => void
  /** A request ended it. */
  readonly ended: (machine: Machine) => void
}

/** The clouds of a run, their common time, and what is written down while it goes on. */
export interface World {
  /** True time: that of the clouds. */
  readonly clock: VirtualClock
  /** What the user's computer says that it is, in epoch milliseconds. */
  wall(): number
  /** True time, and by how much that computer's clock was set forward at most. */
  ahead(): number
  readonly clouds: Clouds
  /** Every machine ever made for a job, as it is now. */
  machines(): ReadonlyArray<Machine>
  /** Those that were there before, on the same accounts: somebody else's. */
  strangers(): ReadonlyArray<Machine>
  /** The most machines of a name that were there at once. */
  most(name: string): number
  /** Checks a claim against what the answers of that moment were made of. */
  claim(claim: Claim): void
  readonly claims: { total: number; early: number; readonly wrong: string[] }
  /** Somebody takes a machine for gone: writes it down when it lives, and no end of it is under way. */
  believedGone(cloud: string, id: string, by: string): void
  readonly wrongEnds: string[]
  /** Writes down what must never be. */
  wrong(violation: string): void
  readonly violations: ReadonlyArray<string>
  /** Counts what went wrong on purpose. */
  struck(sort: string): void
  readonly strikes: ReadonlyMap<string, number>
  /** Writes a line of the story. */
  note(line: string): void
  story(): string
  watch(watcher: Watcher): void
  startFaults(): void
  endFaults(): void
}

const second = 1000

/** Which job a machine was made for: its name comes first in the machine's. */
export const jobOfMachine = ({ name }: Pick<MachineTruth, "name">): string => name.split("-")[0] ?? ""

/** Whose end is not to be expected any more: it is gone, or its end was accepted. */
const isLeaving = ({ isAlive, isEnding }: MachineTruth): boolean => !isAlive || isEnding

const time = (at: number): string => new Date(at).toISOString().slice(8, 19)

/** Makes the clouds of a scenario with its faults in wait. */
export const createRunWorld = (scenario: Scenario): World => {
  const { faults, strokes, jumps } = scenario
  const clock = createTime(scenario)
  const clouds = createClouds(scenario, clock)
  const strangerIds = addStrangers(clouds)
  const lines: { readonly at: number; readonly line: string }[] = []
  /** What the answers that were made at a moment were made of: who truly ran. */
  const shown = new Map<string, Map<string, MachineTruth>>()
  const most = new Map<string, number>()
  const strikes = new Map<string, number>()
  const watchers: Watcher[] = []
  const planned = new Map<unknown, Planned>()
  const armed: Array<() => void> = []
  const violations: string[] = []
  const wrongEnds: string[] = []
  const claims: World["claims"] = { total: 0, early: 0, wrong: [] }
  /** What was last seen of each machine. */
  const before = new Map<string, Machine>()
  let [drift, highest, lowest] = [0, 0, 0]
  let isFaulty = false

  const wall = () => clock.now() + drift
  const everything = () =>
    cloudNames.flatMap((cloud) =>
      ofCloud(clouds, cloud)
        .truth()
        .map((machine): Machine => ({ ...machine, cloud }))
    )
  const machines = () => everything().filter(({ id }) => !strangerIds.has(id))
  const note = (line: string) => void lines.push({ at: clock.now(), line })
  const struck = (sort: string) => void strikes.set(sort, (strikes.get(sort) ?? 0) + 1)

  const count = (now: ReadonlyArray<Machine>) => {
    const alive = new Map<string, number>()
    for (const machine of now) {
      if (!machine.isAlive) continue
      const job = jobOfMachine(machine)
      alive.set(job, (alive.get(job) ?? 0) + 1)
    }
    for (const [job, there] of alive) most.set(job, Math.max(there, most.get(job) ?? 0))
  }
  /** Whether an answer has shown it: what others end before anybody can have heard of it, no client knows. */
  const isKnown = ({ id }: Machine) => [...shown.values()].some((machines) => machines.has(id))
  const begin = (machine: Machine) => {
    for (const { made } of watchers) made(machine)
    const isOwn = ({ cloud, id }: Machine) => cloud === machine.cloud && !strangerIds.has(id)
    const nth = [...before.values()].filter(isOwn).length + 1
    for (const stroke of strokes) {
      if (!isFaulty || stroke.cloud !== machine.cloud || stroke.nth !== nth) continue
      void clock.sleep(stroke.after * second).then(() => {
        if (!isFaulty || (stroke.mishap === "machines ended by others" && !isKnown(machine))) return
        if (!strike(clouds, stroke, machine)) return
        struck(stroke.mishap)
        note(`${machine.cloud} ${machine.id}: ${stroke.mishap}`)
      })
    }
  }
  const isAbout = ({ path, body }: RequestRecord, { id }: Machine) =>
    path.includes(id) || JSON.stringify(body ?? null).includes(id)

  /** Looks at all machines after something may have changed, and says what a request that ends one did. */
  const look = (end: RequestRecord | null) => {
    const now = everything()
    count(now.filter(({ id }) => !strangerIds.has(id)))
    for (const machine of now) {
      const known = before.get(machine.id)
      if (!known && !strangerIds.has(machine.id)) begin(machine)
      before.set(machine.id, machine)
      if (!end || !known || !isAbout(end, machine)) continue
      if (!isLeaving(known)) for (const { asked } of watchers) asked(machine)
      if (!isLeaving(known) && isLeaving(machine)) for (const { ended } of watchers) ended(machine)
    }
  }
  const arm = (plan: Planned) => {
    planned.set(plan.fault.do, plan)
    armed.push(ofCloud(clouds, plan.cloud).fault(plan.fault))
  }
  /** Counts the faults that met a request; one about a machine only where it lied of one that lives. */
  const met = (request: RequestRecord) => {
    for (const fault of request.faults) {
      const plan = planned.get(fault)
      if (!plan) continue
      const isLie = fault.kind === "claimed" || fault.kind === "denied"
      if (isLie && ![...before.values()].some((machine) => isAbout(request, machine) && !isLeaving(machine))) continue
      struck(plan.sort)
      if (fault.kind === "late" && "ms" in fault) void clock.sleep(Number(fault.ms) + second).then(() => look(null))
      if (plan.next) arm(plan.next)
    }
  }
  const heard = (cloud: string, request: RequestRecord) => {
    const { asOf, method, status, path } = request
    met(request)
    const { end } = benchCloud(cloud).routes
    const isEnd = method === end.method && path.split("?")[0]?.match(end.path ?? "")
    if (method !== "GET") return look(isEnd ? request : null)
    if (status !== 200) return
    const moment = `${cloud} ${wall()}`
    const known = shown.get(moment) ?? new Map<string, MachineTruth>()
    for (const machine of ofCloud(clouds, cloud).truth(asOf)) {
      if (!known.get(machine.id)?.isUp) known.set(machine.id, machine)
    }
    shown.set(moment, known)
  }
  for (const cloud of cloudNames) ofCloud(clouds, cloud).onRequest((request) => heard(cloud, request))

  return {
    ahead: () => clock.now() + highest - lowest,
    ...{ clock, wall, clouds, machines, claims, violations, wrongEnds, strikes, struck, note },
    strangers: () => everything().filter(({ id }) => strangerIds.has(id)),
    wrong: (violation) => void violations.push(violation),
    most: (name) => most.get(name) ?? 0,
    claim: ({ cloud, id, at, summary }) => {
      claims.total += 1
      const machine = shown.get(`${cloud} ${at}`)?.get(id)
      if (machine?.isUp) return
      if (summary && machine?.isAlive && machine.kind === "container") claims.early += 1
      else
        claims.wrong.push(
          `${cloud} ${id} was said to run at ${time(at)}, and ${machine ? "did not" : "no answer says so"}`
        )
    },
    believedGone: (cloud, id, by) => {
      const machine = machines().find((one) => one.id === id && one.cloud === cloud)
      if (!machine || isLeaving(machine)) return
      note(`${cloud} ${id} lives and is taken for gone: ${by}`)
      wrongEnds.push(`${cloud} ${id} was taken for gone while it lived: ${by}`)
    },
    watch: (watcher) => void watchers.push(watcher),
    story: () =>
      [
        ...lines,
        ...cloudNames.flatMap((cloud) =>
          ofCloud(clouds, cloud)
            .requests()
            .map(({ at, asOf, method, path, status, faults }) => ({
              at,
              line: [
                `  ${cloud} ${method} ${path.split("?")[0]} ${status}`,
                ...(asOf < at ? [`as of ${time(asOf)}`] : []),
                ...faults.map(({ kind }) => `(${kind})`)
              ].join(" ")
            }))
        )
      ]
        .sort((a, b) => a.at - b.at)
        .map(({ at, line }) => `${time(at)} ${line}`)
        .join("\n"),
    startFaults: () => {
      isFaulty = true
      for (const plan of faults) arm(plan)
      for (const { after, by } of jumps) {
        void clock.sleep(after * second).then(() => {
          if (!isFaulty) return
          drift += by
          highest = Math.max(highest, drift)
          lowest = Math.min(lowest, drift)
          struck(by < 0 ? "wall clocks set back" : "wall clocks set forward")
          note(`the wall clock is set ${by < 0 ? "back" : "forward"} by ${Math.abs(by) / 60_000} minutes`)
        })
      }
    },
    endFaults: () => {
      isFaulty = false
      drift = 0
      for (const disarm of armed) disarm()
    }
  }
}
