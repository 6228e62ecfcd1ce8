/*
 * Processes that launch at once on one ledger in Postgres, under shared keys and one budget, while some are killed and the
 * server is restarted. The cloud, which is outside, counts: keys with two machines, and machines beyond the budget.
 *
 *   contention.ts [--processes 8] [--launches 500] [--keys 2000] [--limit 40] [--day 1500] [--kills 2] [--restarts 1] [--seed 1]
 *
 * The control looks at the budget without holding it: it has to pass the limit, or the run shows nothing.
 */
import { parseArgs } from "node:util"
import { type Count, type Crowd, crowdIn } from "./contention/crowd.ts"

const usual = {
  processes: "8",
  launches: "500",
  keys: "2000",
  limit: "40",
  day: "1500",
  kills: "2",
  restarts: "1",
  seed: "1"
}
const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries(usual).map(([name, value]) => [name, { type: "string" as const, default: value }])
  )
})
const number = (name: keyof typeof usual): number => {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} is a whole number from 0 on`)
  return value
}

const crowd: Crowd = {
  processes: number("processes"),
  launches: number("launches"),
  keys: number("keys"),
  limit: number("limit"),
  day: number("day"),
  kills: number("kills"),
  restarts: number("restarts"),
  seed: number("seed"),
  unlocked: false
}

const percentile = (count: Count, part: number): string =>
  `${(count.millis.sort((a, b) => a - b)[Math.floor(count.millis.length * part)] ?? 0).toFixed(0)} ms`

const show = (title: string, count: Count): void => {
  const rows: ReadonlyArray<readonly [string, string | number]> = [
    ["seconds", count.seconds.toFixed(1)],
    ["launches answered a second", (count.opened / count.seconds).toFixed(0)],
    ["opening one, median and p99", `${percentile(count, 0.5)}, ${percentile(count, 0.99)}`],
    ["kept out by the budget", count.keptOut],
    ["machines made", count.machines],
    ["most at once", `${count.most} of ${crowd.limit}`],
    ["keys with two machines", count.twice.length],
    ["machines made beyond the budget per hour", count.over],
    ["machines made beyond that of the day", count.overDay],
    ["machines left", count.left],
    ["calls that failed", count.failures.length]
  ]
  console.log(title)
  for (const [label, value] of rows) console.log(`  ${label.padEnd(34)}${value}`)
  for (const message of new Set(count.failures)) console.log(`  ${message}`)
}

const ours = await crowdIn(crowd)
show("the ledger", ours)
const control = await crowdIn({ ...crowd, kills: 0, restarts: 0, unlocked: true })
show("control: the budget is looked at, and not held", control)
if (control.over === 0) console.log("the control passed no limit: this run shows nothing about budgets")
process.exit(ours.twice.length + ours.over + ours.overDay + ours.left > 0 || control.over === 0 ? 1 : 0)
