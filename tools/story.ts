/**
 * The main job, end to end, by the command on simulated clouds: compare, rent, read, stop, start, end, and see that
 * nothing is left. Run it with `npx pnpm@12 start`; every line of it can be typed as it stands.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { styleText } from "node:util"
import { main } from "../packages/cli/src/main.ts"
import { argvOf, steps, typed } from "./story/steps.ts"

// The start script of the machine is named from the root of the repository.
process.chdir(fileURLToPath(new URL("..", import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), "anygpu-story-"))
const interrupted = new AbortController()
const interrupt = () => {
  if (interrupted.signal.aborted) process.exit(130)
  interrupted.abort(new DOMException("Interrupted.", "AbortError"))
}
process.on("SIGINT", interrupt)
const { stdin, stdout, stderr } = process
const io = {
  ...{ stdin, stdout, stderr, signal: interrupted.signal },
  env: { ...process.env, ANYGPU_SIM_STATE: join(folder, "simulation.db"), ANYGPU_SIM_SEED: "7" }
}
/** Between two calls, in milliseconds: time to read, and half a minute for the machines. */
const pause = 600
const width = Math.min(stdout.columns ?? 80, 100)
const print = (...lines: ReadonlyArray<string>) => stdout.write(`${lines.join("\n")}\n`)

try {
  for (const [index, step] of steps.entries()) {
    print("", styleText(["bold", "cyan"], `${index + 1}. ${step.title}`), styleText("bold", typed(step, width)))
    const code = await main(argvOf(step), io)
    if (code !== 0) {
      process.exitCode = code
      break
    }
    if (index < steps.length - 1) await sleep(pause, undefined, { signal: interrupted.signal }).catch(() => {})
  }
} finally {
  process.off("SIGINT", interrupt)
  rmSync(folder, { recursive: true, force: true })
}
