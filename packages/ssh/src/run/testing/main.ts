/*
 * Seeded runs on simulated clouds and machines, in virtual time: machines that are taken or fall silent, connections that
 * drop, a computer without a network, processes that are killed at any step, two processes at once.
 *
 *   node --conditions=anygpu-source packages/ssh/src/run/testing/main.ts [--runs 1000] [--seed 1] [--story]
 */
import { parseArgs } from "node:util"
import { runTrial } from "./trial.ts"

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    story: { type: "boolean", default: false }
  }
})
const [runs, first] = [Number(values.runs), Number(values.seed)]
if (![runs, first].every(Number.isSafeInteger) || runs < 1) throw new RangeError("--runs and --seed are whole numbers")

const sums = new Map<string, number>()
let bad = 0
for (let seed = first; seed < first + runs; seed++) {
  const { faults, counts } = await runTrial(seed, values.story ? console.log : undefined)
  for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count)
  if (faults.length > 0) {
    bad += 1
    console.log(`seed ${seed}: ${faults.join("; ")}`)
  }
}
for (const [name, sum] of [...sums].sort()) console.log(`${name.padEnd(24)} ${sum}`)
console.log(`${bad} of ${runs} runs went wrong`)
// Fibers of killed processes wait for ever.
process.exit(bad > 0 ? 1 : 0)
