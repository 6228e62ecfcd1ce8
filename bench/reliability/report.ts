import { formatMoney } from "@anygpu/core"
import { tellFault } from "./faults.ts"
import type { Outcome } from "./run.ts"
import { scenarioOf } from "./scenario.ts"

/** A run that went wrong: what, from which seed, how to see it again, and all that happened. */
export const failureText = (contender: string, { seed, violations, story }: Outcome): string => {
  const { jobs, faults, strokes, blows, brokenWrites, jumps, budget, watched, pace } = scenarioOf(seed)
  return [
    `seed ${seed}, ${contender}:`,
    ...violations.map((violation) => `  ${violation}`),
    `replay: node --conditions=anygpu-source bench/reliability.ts --seed ${seed} --runs 1 --only ${contender} --story`,
    ...jobs.map(({ name, form, stalls, minutes, cycles, most }) => {
      const where = stalls.map(({ cloud, kind }) => `${cloud}/${kind}`).join(", ")
      const limit = most === null ? "" : `, for ${most} times its cost at most`
      return `${name}: ${form} for ${minutes} minutes with ${cycles} stops${limit}, on ${where}`
    }),
    `${watched ? "watched" : "not watched"}; a boot's phase of ${pace} seconds; limits: ${JSON.stringify(budget)}`,
    ...faults.map((fault) => `fault: ${tellFault(fault)}`),
    ...[...strokes, ...blows, ...brokenWrites, ...jumps].map((blow) => `planned: ${JSON.stringify(blow)}`),
    story()
  ].join("\n")
}

/** The sum of many runs, as plain data: parts of it come from other processes. */
export interface Sum {
  readonly contender: string
  runs: number
  bad: number
  asked: number
  refused: number
  paid: number
  unaccounted: number
  wrongEnds: number
  twice: number
  exceeded: number
  leaked: number
  /** Micro-units of all currencies, one USDC as one USD. */
  micros: number
  claims: number
  early: number
  wrong: number
  estimated: number
  requests: number
  /** How often each thing went wrong on purpose. */
  readonly strikes: Record<string, number>
  /** The seeds of the runs in which something of a sort was wrong. */
  readonly seeds: Record<string, number[]>
}

/** Nothing yet. */
export const emptySum = (contender: string): Sum => ({
  contender,
  ...{ runs: 0, bad: 0, asked: 0, refused: 0, paid: 0, unaccounted: 0, wrongEnds: 0, twice: 0, exceeded: 0 },
  ...{ leaked: 0, micros: 0, claims: 0, early: 0, wrong: 0, estimated: 0, requests: 0, strikes: {}, seeds: {} }
})

const sorts = {
  "machines unaccounted for": ({ lost }: Outcome) => lost,
  "wrong ends": ({ wrongEnds }: Outcome) => wrongEnds,
  "second machines": ({ twice }: Outcome) => twice,
  "limits exceeded": ({ exceeded }: Outcome) => exceeded,
  "dollars leaked": ({ leaks }: Outcome) => leaks,
  "said to run": ({ claims }: Outcome) => claims.wrong
} as const

/** What is wrong in a run, by sort; `else` is what none of them names. */
export const sortsOf = (outcome: Outcome): ReadonlyArray<string> => {
  const named = Object.entries(sorts).flatMap(([sort, of]) => (of(outcome).length > 0 ? [sort] : []))
  return named.length === 0 && outcome.violations.length > 0 ? ["else"] : named
}

/** Adds a run. */
export const add = (sum: Sum, outcome: Outcome): void => {
  sum.runs += 1
  sum.bad += outcome.violations.length > 0 ? 1 : 0
  sum.asked += outcome.asked
  sum.refused += outcome.refusals.length
  sum.paid += outcome.paid
  sum.unaccounted += outcome.unaccounted.length
  sum.wrongEnds += outcome.wrongEnds.length
  sum.twice += outcome.twice.length
  sum.exceeded += outcome.exceeded.length
  sum.leaked += outcome.leaks.length
  sum.micros += outcome.leaks.reduce((micros, leak) => micros + leak.micros, 0)
  sum.claims += outcome.claims.total
  sum.early += outcome.claims.early
  sum.wrong += outcome.claims.wrong.length
  sum.estimated += outcome.estimated
  sum.requests += outcome.requests
  for (const [sort, count] of outcome.strikes) sum.strikes[sort] = (sum.strikes[sort] ?? 0) + count
  for (const sort of sortsOf(outcome)) sum.seeds[sort] = [...(sum.seeds[sort] ?? []), outcome.seed]
}

/** Adds what another process counted of the same contender. */
export const merge = (sum: Sum, { contender: _, strikes, seeds, ...counts }: Sum): void => {
  for (const [name, count] of Object.entries(counts)) sum[name as keyof typeof counts] += count
  for (const [sort, count] of Object.entries(strikes)) sum.strikes[sort] = (sum.strikes[sort] ?? 0) + count
  for (const [sort, more] of Object.entries(seeds)) {
    sum.seeds[sort] = [...(sum.seeds[sort] ?? []), ...more].sort((a, b) => a - b)
  }
}

type Row = readonly [label: string, tell: (sum: Sum) => string | number]

const rows: ReadonlyArray<Row> = [
  ["runs", ({ runs }) => runs],
  ["runs in which something was wrong", ({ bad }) => bad],
  ["requests", ({ requests }) => requests],
  ["machines asked for", ({ asked }) => asked],
  ["  refused, with an error that says so", ({ refused }) => refused],
  ["machines paid for", ({ paid }) => paid],
  ["machines unaccounted for in the end", ({ unaccounted }) => unaccounted],
  ["wrong ends", ({ wrongEnds }) => wrongEnds],
  ["second machines", ({ twice }) => twice],
  ["limits exceeded", ({ exceeded }) => exceeded],
  ["machines leaked", ({ leaked }) => leaked],
  ["dollars leaked", ({ micros }) => formatMoney({ micros, currency: "USD" })],
  ["times that a machine was said to run", ({ claims }) => claims],
  ["  and did not", ({ wrong }) => wrong],
  ["  in a list, before its container had started", ({ early }) => early],
  ["estimates compared with the meter", ({ estimated }) => estimated]
]

/** Everything that went wrong on purpose, in any of the sums. */
export const strikesIn = (sums: ReadonlyArray<Sum>): ReadonlyArray<string> =>
  [...new Set(sums.flatMap(({ strikes }) => Object.keys(strikes)))].sort()

/** The contenders beside each other. */
export const tableOf = (sums: ReadonlyArray<Sum>): string => {
  const struck = strikesIn(sums).map((sort): Row => [`struck: ${sort}`, ({ strikes }) => strikes[sort] ?? 0])
  const cells = [
    ["", ...sums.map(({ contender }) => contender)],
    ...[...rows, ...struck].map(([label, tell]) => [label, ...sums.map((sum) => String(tell(sum)))])
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
  return cells
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map((row) => row.join("   ").trimEnd())
    .join("\n")
}

/** How many seeds of a sort are printed. */
const shown = 12

/** Which seeds went wrong, by sort. */
export const tellSeeds = ({ contender, seeds }: Sum): string =>
  Object.entries(seeds)
    .map(([sort, all]) => `${contender}, ${sort}: ${all.length} runs, seeds ${all.slice(0, shown).join(", ")}`)
    .join("\n")
