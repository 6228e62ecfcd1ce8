import { execFile, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { compare, inMillis } from "./measure.ts"

/*
 * How long the command takes before it does anything: `--version` and `--help` of the bundled command against an empty
 * Node, in turns. And `list` of clouds that take their time, against the same of clouds that answer at once: it asks
 * them all at the same time.
 */

const mostTimesNode = 3
const mostTimesSlowest = 1.5
const latencies = [100, 300, 200] as const

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const command = at("../packages/sdk/bin/bin.js")
const run = promisify(execFile)
await run(process.execPath, [at("../node_modules/tsup/dist/cli-default.js")], { cwd: at("../packages/sdk") })

const folder = mkdtempSync(join(tmpdir(), "anygpu-bench-"))
const own = { ANYGPU_CONFIG: join(folder, "config.json"), ANYGPU_LEDGER: join(folder, "ledger.db") }

const node =
  (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) =>
  () =>
    run(process.execPath, args, { env: { PATH: process.env.PATH ?? "", ...own, ...env } })

/** Clouds that take so long, and how to reach them. */
const clouds = async (milliseconds: ReadonlyArray<number>) => {
  const child = spawn(process.execPath, [...process.execArgv, at("startup-clouds.ts"), ...milliseconds.map(String)], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  for await (const line of createInterface(child.stdout)) {
    return { env: JSON.parse(line) as Readonly<Record<string, string>>, stop: () => child.kill() }
  }
  throw new Error("the clouds did not start")
}

let failed = false
const report = (name: string, ratio: number, limit: number, detail: string): void => {
  failed ||= ratio > limit
  console.log(`${name.padEnd(18)} ${ratio.toFixed(2)}x of ${limit}x  ${detail}${ratio > limit ? "  TOO SLOW" : ""}`)
}

try {
  for (const flag of ["--version", "--help"]) {
    const { ours, theirs, ratio, best } = await compare(node([command, flag]), node(["-e", "0"]), {
      rounds: 21,
      warmUps: 3
    })
    const detail = `${inMillis(ours)} against ${inMillis(theirs)} of an empty Node; fastest ${best.toFixed(2)}x`
    report(`anygpu ${flag}`, ratio, mostTimesNode, detail)
  }
  const [quick, slow] = [await clouds([0, 0, 0]), await clouds(latencies)]
  const slowest = Math.max(...latencies)
  const list = (env: Readonly<Record<string, string>>) => node([command, "list"], env)
  const { fastest } = await compare(list(slow.env), list(quick.env), { rounds: 15, warmUps: 2 })
  quick.stop()
  slow.stop()
  const waited = fastest.ours - fastest.theirs
  const detail = `waits ${inMillis(waited)} for clouds of ${latencies.join(", ")} ms; else ${inMillis(fastest.theirs)}`
  report("anygpu list", waited / slowest, mostTimesSlowest, detail)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
