/*
 * Launch, watch, stop, start and terminate on seven simulated clouds that lose answers, lag behind, lie and fail, in
 * processes that are killed or frozen at any step, on ledgers whose writes fail and computers whose clock is set: who pays
 * for what nobody wanted. All on virtual time, from a seed.
 *
 *   reliability.ts [--runs 10000] [--seed 1] [--only <contender>] [--cloud <name>] [--story] [--processes <cores>] [--write]
 *
 * `--cloud` makes the runs of those seeds alone that use the cloud. Writes its section of docs/benchmarks.md where it is asked to. It prints the seeds that went wrong by sort; `--seed <n> --runs 1 --story` shows one again.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { benchCloud } from "./cloud-list.ts"
import { runAll } from "./reliability/parts.ts"
import { tableOf, tellSeeds } from "./reliability/report.ts"
import { withReliability } from "./side-by-side/reliability-section.ts"

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    cloud: { type: "string" },
    story: { type: "boolean", default: false },
    processes: { type: "string" },
    write: { type: "boolean", default: false }
  }
})
const [runs, first] = [Number(values.runs), Number(values.seed)]
const processes = Number(values.processes ?? (runs < 50 ? 1 : availableParallelism()))
if (![runs, first, processes].every(Number.isSafeInteger) || runs < 1 || processes < 1) {
  throw new RangeError("--runs, --seed and --processes are whole numbers")
}

if (values.cloud !== undefined) benchCloud(values.cloud)

const { only, cloud, story } = values
const sums = await runAll({ runs, first, processes, only, cloud, story, tell: console.log })
console.log(tableOf(sums))
for (const sum of sums) if (sum.bad > 0) console.log(tellSeeds(sum))
if (values.write) {
  const page = new URL("../docs/benchmarks.md", import.meta.url)
  writeFileSync(page, withReliability(readFileSync(page, "utf8"), sums))
}
// Fibers of killed processes wait for ever.
process.exit(sums.some(({ contender, bad }) => contender === "anygpu" && bad > 0) ? 1 : 0)
