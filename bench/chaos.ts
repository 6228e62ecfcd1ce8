/*
 * Real processes on one SQLite ledger, launching under shared keys on simulated clouds on loopback ports, killed with
 * SIGKILL and frozen with SIGSTOP at random moments: which machines are lost, and which keys have two.
 *
 *   chaos.ts [--kills 500] [--stops 200] [--processes 8] [--seed 1] [--speed 60] [--minutes 15]
 *
 * The seed decides who is launched, killed and frozen when; what a process has come to by then is up to the machine.
 */
import { parseArgs } from "node:util"
import { type Aftermath, storm } from "./chaos/storm.ts"

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "500" },
    stops: { type: "string", default: "200" },
    processes: { type: "string", default: "8" },
    seed: { type: "string", default: "1" },
    speed: { type: "string", default: "60" },
    minutes: { type: "string", default: "15" }
  }
})
const number = (name: keyof typeof values, least: number): number => {
  const value = Number(values[name])
  if (!Number.isFinite(value) || value < least) throw new RangeError(`--${name} is a number from ${least} on`)
  return value
}

const tableOf = (found: Aftermath): string => {
  const rows: ReadonlyArray<readonly [label: string, value: number]> = [
    ["seconds", found.seconds],
    ["processes killed", found.kills],
    ["processes frozen and resumed", found.stops],
    ...Object.entries(found.met).sort(),
    ["keys", found.keys],
    ["launches answered with a machine", found.answered],
    ...Object.entries(found.failed).sort(),
    ["machines made", found.machines],
    ["machines lost", found.lost.length],
    ["keys with two machines at once", found.twiceAlive.length],
    ["keys for which two machines were paid", found.twicePaid.length],
    ["keys that were answered with two machines", found.twoMachines.length],
    ["launches unsettled in the end", found.unsettled.length]
  ]
  const wide = Math.max(...rows.map(([label]) => label.length))
  return rows.map(([label, value]) => `${label.padEnd(wide)}   ${String(value).padStart(6)}`).join("\n")
}

const [kills, stops] = [number("kills", 0), number("stops", 0)]
const found = await storm({
  ...{ kills, stops, seed: number("seed", 0), processes: number("processes", 1), speed: number("speed", 1) },
  within: number("minutes", 0.1) * 60_000
})
console.log(tableOf(found))
const wrong = {
  lost: found.lost,
  "two at once": found.twiceAlive,
  "two paid": found.twicePaid,
  "two machines": found.twoMachines
}
for (const [what, which] of Object.entries(wrong)) if (which.length > 0) console.log(`${what}: ${which.join(", ")}`)
if (found.kills < kills || found.stops < stops) console.log("the time was over before all was done")
process.exit(Object.values(wrong).some((which) => which.length > 0) ? 1 : 0)
