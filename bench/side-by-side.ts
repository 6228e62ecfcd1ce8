/*
 * The SDK beside raw undici and the npm packages that come nearest to it: import, offers, broken providers caught, and
 * dollars leaked, all in one run. Prints the page, and writes it where it is asked to.
 *
 *   side-by-side.ts [--rounds 31] [--runs 10000] [--write]
 */
import { execFile } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs, promisify } from "node:util"
import { cloudNames } from "./cloud-list.ts"
import type { Sum } from "./reliability/report.ts"
import { ask, home } from "./side-by-side/ask.ts"
import { load, machineNow } from "./side-by-side/machine.ts"
import { measureOffers } from "./side-by-side/offers.ts"
import { pageOf } from "./side-by-side/page.ts"
import { measureStarts } from "./side-by-side/starts.ts"
import { scoreSuites } from "./side-by-side/suites.ts"

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "31" },
    runs: { type: "string", default: "10000" },
    write: { type: "boolean", default: false }
  }
})
const [rounds, runs] = [Number(values.rounds), Number(values.runs)]
if (!Number.isSafeInteger(rounds) || !Number.isSafeInteger(runs) || rounds < 1 || runs < 1) {
  throw new RangeError("--rounds and --runs are whole numbers above zero")
}

const before = load()
const timed = async <A>(what: string, run: () => Promise<A>): Promise<A> => {
  const start = performance.now()
  const answer = await run()
  console.error(`${what}: ${((performance.now() - start) / 1000).toFixed(0)} s, load ${load().toFixed(1)}`)
  return answer
}

/** What is imported is what would be published of these sources. */
const build = async (): Promise<void> => {
  const tsup = join(home, "../node_modules/tsup/dist/cli-default.js")
  for (const name of ["core", ...cloudNames, "sdk"]) {
    await promisify(execFile)(process.execPath, [tsup], { cwd: join(home, "../packages", name) })
  }
}

await timed("build", build)
const starts = await timed("import", () => measureStarts(rounds))
const offers = await timed("offers", () => measureOffers(rounds))
const suites = await timed("broken providers", scoreSuites)
const leaks = await timed("dollars leaked", () => ask<ReadonlyArray<Sum>>("side-by-side/leaks.ts", String(runs)))
const page = pageOf({ machine: machineNow(before), rounds, starts, offers, suites, leaks })
console.log(page)
if (values.write) writeFileSync(join(home, "../docs/benchmarks.md"), page)
