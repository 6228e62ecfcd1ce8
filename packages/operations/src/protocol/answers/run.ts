import type { RunOutcome } from "@anygpu/ssh"
import type { RunAttempt, RunRecord } from "anygpu"
import { z } from "zod"
import { moneyJson, moneyOrNull } from "../model.ts"
import { momentJson, momentOrNull } from "../moment.ts"
import { money, time } from "../parts.ts"

const attempt = z.object({
  number: z.int(),
  state: z.enum(["launching", "preparing", "running", "collecting", "ending", "over"]),
  machine: z.string().nullable().describe("the ref of its machine"),
  began: time,
  ended: time.nullable().describe("when its machine was given back"),
  pricePerHour: money.nullable(),
  spent: z.array(money),
  end: z.enum(["exited", "stopped", "out-of-time", "lost", "failed"]).nullable(),
  code: z.int().nullable().describe("the exit code of the command"),
  oomKills: z.int().nullable().describe("how many processes the kernel ended for want of memory while it ran"),
  note: z.string().nullable()
})

const common = {
  id: z.string(),
  key: z.string().describe("come back to it by this"),
  state: z.enum(["open", "over"])
}

/** `anygpu run --json`: how far a run is, or what came of it. */
export const runShape = z.object({
  ...common,
  end: attempt.shape.end,
  code: attempt.shape.code,
  oomKills: attempt.shape.oomKills,
  spent: z.array(money).describe("what all its machines cost"),
  machine: z.string().nullable().describe("the machine that is there still"),
  results: z.object({ to: z.string(), files: z.int(), bytes: z.int() }).nullable(),
  attempts: z.array(attempt),
  problems: z.array(z.string()).describe("what went wrong without ending it")
})

/** How far a run is, in JSON. */
export type RunJson = z.output<typeof runShape>

const record = z.object({ ...common, by: z.string(), command: z.string(), began: time, attempts: z.array(attempt) })

/** `anygpu jobs --json`. */
export const runsShape = z.object({ runs: z.array(record) })

/** Runs, in JSON. */
export type RunsJson = z.output<typeof runsShape>

const attemptJson = ({
  number,
  state,
  ref,
  at,
  endedAt,
  pricePerHour,
  spent,
  end,
  code,
  oomKills,
  note
}: RunAttempt) => ({
  ...{ number, state, machine: ref, began: momentJson(at), ended: momentOrNull(endedAt) },
  ...{ pricePerHour: moneyOrNull(pricePerHour), spent: spent.map(moneyJson), end, code, oomKills, note }
})

/** What came of a run, in JSON. */
export const runJson = ({ id, key, state, end, code, spent, machine, results, ...more }: RunOutcome): RunJson => ({
  ...{ id, key, state, end, code, machine, oomKills: more.oomKills, spent: spent.map(moneyJson) },
  results: results && { to: results.to, files: results.transferred.files, bytes: results.transferred.bytes },
  attempts: more.attempts.map(attemptJson),
  problems: more.problems.map(({ message }) => message)
})

/** A run of the ledger, in JSON. */
export const runRecordJson = ({ id, key, state, by, command, at, attempts }: RunRecord): RunsJson["runs"][number] => ({
  ...{ id, key, state, by, command, began: momentJson(at), attempts: attempts.map(attemptJson) }
})
