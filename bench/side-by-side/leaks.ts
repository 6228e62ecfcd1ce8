/*
 * The reliability run of all contenders, told as JSON.
 *
 *   leaks.ts <number of runs>
 */
import { naive } from "../reliability/naive.ts"
import { anygpu } from "../reliability/ours.ts"
import { add, emptySum } from "../reliability/report.ts"
import { rival } from "../reliability/rival.ts"
import { runOne } from "../reliability/run.ts"

const sums = []
for (const contender of [anygpu(), naive, rival]) {
  const sum = emptySum(contender.name)
  for (let seed = 1; seed <= Number(process.argv[2]); seed++) add(sum, await runOne(seed, contender))
  sums.push(sum)
}
// Fibers of killed processes wait for ever, so the process ends itself, once all is written.
process.stdout.write(JSON.stringify(sums), () => process.exit())
