import { spawnSync } from "node:child_process"
import { availableParallelism, cpus, loadavg } from "node:os"
import { fileURLToPath } from "node:url"

/*
 * Every question in a process of its own, one after the other: what one leaves behind is no part of the next. The load
 * tells whether somebody else was using the machine.
 */

const questions = ["offers.ts", "scale.ts", "get.ts", "clouds.ts", "all-clouds.ts", "watch.ts", "startup.ts"]

const load = loadavg()[0]?.toFixed(1)
console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`)
console.log(
  `${availableParallelism()} cores of ${cpus()[0]?.model ?? "an unknown make"}, load ${load} before the start`
)

for (const question of questions) {
  const file = fileURLToPath(new URL(question, import.meta.url))
  const { status } = spawnSync(process.execPath, [...process.execArgv, file], { stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}
