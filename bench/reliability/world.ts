import {
  createClock,
  createFluenceSimulator,
  createHuddleSimulator,
  createVastSimulator,
  type MachineTruth,
  type RequestRecord,
  type Simulator,
  type VirtualClock
} from "@anygpu/simulators"
import { type CloudName, cloudNames, publicKey } from "./market.ts"
import type { Scenario } from "./scenario.ts"

/** A machine as it truly is, and where. */
export interface Machine extends MachineTruth {
  readonly cloud: CloudName
}

/** That a client said of a machine that it runs. */
export interface Claim {
  readonly cloud: CloudName
  readonly id: string
  /** When what was said was observed, in epoch milliseconds. */
  readonly at: number
  /** From a list that knows less than a read. */
  readonly summary: boolean
}

/** The clouds of a run, their common time, and what is written down while it goes on. */
export interface World {
  readonly clock: VirtualClock
  readonly clouds: Readonly<Record<CloudName, Simulator>>
  /** Every machine ever made, as it is now. */
  machines(): ReadonlyArray<Machine>
  /** The most machines of a name that were there at once. */
  most(name: string): number
  /** Checks a claim against what the answers of that moment were made of. */
  claim(claim: Claim): void
  readonly claims: { total: number; early: number; readonly wrong: string[] }
  /** Writes down what must never be. */
  wrong(violation: string): void
  readonly violations: ReadonlyArray<string>
  /** Writes a line of the story. */
  note(line: string): void
  story(): string
  startFaults(): void
  endFaults(): void
}

const second = 1000

/** Whole seconds only: no cloud documents what a part of one costs. */
const inSeconds = (clock: VirtualClock): VirtualClock => ({
  ...clock,
  sleep: (ms, signal) => {
    const due = Math.ceil((clock.now() + Math.max(0, ms)) / second) * second
    return clock.sleep(due - clock.now(), signal)
  }
})

const times = (pace: number) => ({
  vast: {
    ...{ provisioning: pace, created: pace, loading: 3 * pace, stopping: 8, starting: pace, resuming: pace },
    ...{ rebooting: 15, logs: 4 }
  },
  fluence: {
    ...{ provisioning: 4 * pace, network: 8, starting: pace, updating: 15, ending: 5, launching: 4 * pace },
    ...{ listing: 3, stopping: 10, leaving: 60 }
  },
  huddle: { ordered: pace, provisioning: 4 * pace, stopping: 20, starting: 2 * pace, deleting: 30, listing: 600 }
})

const inMillis = (phases: Readonly<Record<string, number>>) => ({
  jitter: 0,
  ...Object.fromEntries(Object.entries(phases).map(([name, seconds]) => [name, seconds * second]))
})

/** Which job a machine was made for: its name comes first in the machine's. */
export const jobOfMachine = ({ name }: Pick<MachineTruth, "name">): string => name.split("-")[0] ?? ""

const time = (at: number): string => new Date(at).toISOString().slice(8, 19)

/** Makes the clouds of a scenario with its faults in wait. */
export const createRunWorld = ({ seed, pace, faults }: Scenario): World => {
  const clock = inSeconds(createClock({ start: new Date(Date.UTC(2026, 0, 1, seed % 24, (seed * 7) % 60)) }))
  const { vast, fluence, huddle } = times(pace)
  const common = { clock, seed, credit: 1_000_000 }
  const clouds: Record<CloudName, Simulator> = {
    vast: createVastSimulator({ ...common, offers: 40, boot: inMillis(vast), sshKeys: [publicKey] }),
    fluence: createFluenceSimulator({ ...common, boot: inMillis(fluence) }),
    huddle: createHuddleSimulator({ ...common, offers: 6, timeline: inMillis(huddle) })
  }
  const lines: { readonly at: number; readonly line: string }[] = []
  /** What the answers that were made at a moment were made of: who truly ran. */
  const shown = new Map<string, Map<string, MachineTruth>>()
  const most = new Map<string, number>()
  const machines = () =>
    cloudNames.flatMap((cloud) => clouds[cloud].truth().map((machine): Machine => ({ ...machine, cloud })))

  const count = () => {
    const alive = new Map<string, number>()
    for (const machine of machines()) {
      if (!machine.isAlive) continue
      const job = jobOfMachine(machine)
      alive.set(job, (alive.get(job) ?? 0) + 1)
    }
    for (const [job, there] of alive) most.set(job, Math.max(there, most.get(job) ?? 0))
  }

  const heard = (cloud: CloudName, { asOf, method, status }: RequestRecord) => {
    if (method !== "GET") return count()
    if (status !== 200) return
    const moment = `${cloud} ${clock.now()}`
    const known = shown.get(moment) ?? new Map<string, MachineTruth>()
    for (const machine of clouds[cloud].truth(asOf)) {
      if (!known.get(machine.id)?.isUp) known.set(machine.id, machine)
    }
    shown.set(moment, known)
  }
  for (const cloud of cloudNames) clouds[cloud].onRequest((request) => heard(cloud, request))
  const armed: Array<() => void> = []
  const violations: string[] = []
  const claims: World["claims"] = { total: 0, early: 0, wrong: [] }

  return {
    ...{ clock, clouds, machines, claims, violations },
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
    note: (line) => void lines.push({ at: clock.now(), line }),
    story: () =>
      [
        ...lines,
        ...cloudNames.flatMap((cloud) =>
          clouds[cloud].requests().map(({ at, asOf, method, path, status }) => ({
            at,
            line: `  ${cloud} ${method} ${path.split("?")[0]} ${status}${asOf < at ? ` as of ${time(asOf)}` : ""}`
          }))
        )
      ]
        .sort((a, b) => a.at - b.at)
        .map(({ at, line }) => `${time(at)} ${line}`)
        .join("\n"),
    startFaults: () => void armed.push(...faults.map(({ cloud, fault }) => clouds[cloud].fault(fault))),
    endFaults: () => {
      for (const disarm of armed) disarm()
    }
  }
}
