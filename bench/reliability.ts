/*
 * Launch, watch, stop, start and terminate on three simulated clouds that lose answers, reset connections, lag behind and
 * fail, in processes that are killed at any step: who pays for what nobody wanted. All on virtual time, from a seed.
 *
 *   reliability.ts [--runs 10000] [--seed 1] [--only <contender>] [--story]
 */
import { parseArgs } from "node:util"
import { naive } from "./reliability/naive.ts"
import { anygpu } from "./reliability/ours.ts"
import { add, emptySum, tableOf, tellFailure } from "./reliability/report.ts"
import { rival } from "./reliability/rival.ts"
import { runOne } from "./reliability/run.ts"

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    story: { type: "boolean", default: false }
  }
})
const [runs, first] = [Number(values.runs), Number(values.seed)]
if (!Number.isSafeInteger(runs) || !Number.isSafeInteger(first) || runs < 1) {
  throw new RangeError("--runs and --seed are whole numbers")
}

const contenders = [anygpu(), naive, rival].filter(({ name }) => values.only === undefined || name === values.only)
const sums = contenders.map(({ name }) => emptySum(name))
for (let seed = first; seed < first + runs; seed++) {
  for (const [index, contender] of contenders.entries()) {
    const outcome = await runOne(seed, contender)
    const sum = sums[index]
    if (sum) add(sum, outcome)
    const isOurs = contender.name === "anygpu"
    if (values.story || (isOurs && outcome.violations.length > 0)) console.log(tellFailure(contender.name, outcome))
    if (isOurs) for (const refusal of outcome.refusals) console.log(`seed ${seed}, refused: ${refusal}`)
  }
}
console.log(tableOf(sums))
// Fibers of killed processes wait for ever.
process.exit(sums.some(({ contender, bad }) => contender === "anygpu" && bad > 0) ? 1 : 0)
