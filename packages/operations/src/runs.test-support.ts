import type { RunOutcome, RunPromises } from "@anygpu/ssh"
import { type Money, money, type RunAttempt, type RunRecord } from "anygpu"

const attempt: RunAttempt = {
  ...{
    number: 1,
    state: "over",
    at: 1_767_225_600_000,
    ref: "vast/container/1",
    job: "r1-1",
    startedAt: 1_767_225_700_000
  },
  ...{
    pricePerHour: money("1"),
    out: 3,
    err: 0,
    code: 0,
    oomKills: 0,
    end: "exited",
    endedAt: 1_767_229_200_000,
    note: null
  },
  spent: [money("1")] satisfies ReadonlyArray<Money>
}

const common = { id: "r1", key: "train-7", state: "over", attempts: [attempt] } as const

const outcome: RunOutcome = {
  ...{ ...common, end: "exited", code: 0, oomKills: 0, spent: [money("1")], machine: null, problems: [] },
  results: { to: "/home", transferred: { files: 1, bytes: 3, unchanged: 0, skipped: [] } }
}

const record: RunRecord = {
  ...{
    ...common,
    by: "me@laptop",
    command: "python train.py",
    at: attempt.at,
    plan: {},
    isStopAsked: false,
    version: 7
  }
}

/** Runs that end well at once; `ran` has what was asked for. */
export const testRuns = (ran: Array<string>): RunPromises => ({
  run: async ({ command }) => {
    ran.push(`run ${String(command)}`)
    return outcome
  },
  attach: async (name) => {
    ran.push(`attach ${name}`)
    return outcome
  },
  stopRun: async (name) => {
    ran.push(`stop ${name}`)
    return outcome
  },
  runs: async () => [record]
})
