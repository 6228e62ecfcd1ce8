/*
 * The reliability run of all contenders, as JSON.
 *
 *   leaks.ts <number of runs>
 */
import { availableParallelism } from "node:os"
import { runAll } from "../reliability/parts.ts"

const sums = await runAll({
  ...{ runs: Number(process.argv[2]), first: 1, processes: availableParallelism(), only: undefined, story: false },
  tell: console.error
})
// Fibers of killed processes wait for ever, so the process ends itself, once all is written.
process.stdout.write(JSON.stringify(sums), () => process.exit())
