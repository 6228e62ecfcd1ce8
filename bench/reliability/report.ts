import { formatMoney } from "@anygpu/core"
import { tellFault } from "./faults.ts"
import type { Outcome } from "./run.ts"
import { scenarioOf } from "./scenario.ts"

/** A run that went wrong: what, from which seed, how to see it again, and all that happened. */
export const tellFailure = (contender: string, { seed, violations, story }: Outcome): string => {
  const { jobs, faults, kills, watched, pace } = scenarioOf(seed)
  return [
    `seed ${seed}, ${contender}:`,
    ...violations.map((violation) => `  ${violation}`),
    `replay: node --conditions=anygpu-source bench/reliability.ts --seed ${seed} --runs 1 --only ${contender} --story`,
    ...jobs.map(({ name, form, stalls, minutes, cycles }) => {
      const where = stalls.map(({ cloud, kind }) => `${cloud}/${kind}`).join(", ")
      return `${name}: ${form} for ${minutes} minutes with ${cycles} stops, on ${where}`
    }),
    `kills at steps ${kills.join(", ") || "never"}; ${watched ? "watched" : "not watched"}; a boot's phase of ${pace} seconds`,
    ...faults.map((fault) => `fault: ${tellFault(fault)}`),
    story()
  ].join("\n")
}

/** The sum of many runs. */
export interface Sum {
  readonly contender: string
  runs: number
  bad: number
  asked: number
  refused: number
  paid: number
  leaked: number
  /** Micro-units of all currencies, one USDC as one USD. */
  micros: number
  claims: number
  early: number
  wrong: number
  estimated: number
  kills: number
  requests: number
}

/** Nothing yet. */
export const emptySum = (contender: string): Sum => ({
  contender,
  ...{ runs: 0, bad: 0, asked: 0, refused: 0, paid: 0, leaked: 0, micros: 0, claims: 0, early: 0, wrong: 0 },
  ...{ estimated: 0, kills: 0, requests: 0 }
})

/** Adds a run. */
export const add = (sum: Sum, outcome: Outcome): void => {
  sum.runs += 1
  sum.bad += outcome.violations.length > 0 ? 1 : 0
  sum.asked += outcome.asked
  sum.refused += outcome.refusals.length
  sum.paid += outcome.paid
  sum.leaked += outcome.leaks.length
  sum.micros += outcome.leaks.reduce((micros, leak) => micros + leak.micros, 0)
  sum.claims += outcome.claims.total
  sum.early += outcome.claims.early
  sum.wrong += outcome.claims.wrong.length
  sum.estimated += outcome.estimated
  sum.kills += outcome.kills
  sum.requests += outcome.requests
}

const rows: ReadonlyArray<readonly [label: string, tell: (sum: Sum) => string | number]> = [
  ["runs", ({ runs }) => runs],
  ["runs in which something was wrong", ({ bad }) => bad],
  ["processes killed", ({ kills }) => kills],
  ["requests", ({ requests }) => requests],
  ["machines asked for", ({ asked }) => asked],
  ["  refused, as the user was told", ({ refused }) => refused],
  ["machines paid for", ({ paid }) => paid],
  ["machines leaked", ({ leaked }) => leaked],
  ["dollars leaked", ({ micros }) => formatMoney({ micros, currency: "USD" })],
  ["times that a machine was said to run", ({ claims }) => claims],
  ["  and did not", ({ wrong }) => wrong],
  ["  in a list, before its container had started", ({ early }) => early],
  ["estimates held against the meter", ({ estimated }) => estimated]
]

/** The contenders beside each other. */
export const tableOf = (sums: ReadonlyArray<Sum>): string => {
  const cells = [
    ["", ...sums.map(({ contender }) => contender)],
    ...rows.map(([label, tell]) => [label, ...sums.map((sum) => String(tell(sum)))])
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
  return cells
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map((row) => row.join("   ").trimEnd())
    .join("\n")
}
