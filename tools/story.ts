/**
 * The main job, end to end, by the command on simulated clouds: compare, rent, read, stop, start, end, see that nothing is
 * left, and then all of it in one command whose results come home. Run it with `npx pnpm@12 start`; every line of it can be typed as it stands.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { styleText } from "node:util"
import { main } from "../packages/cli/src/main.ts"
import { newPair } from "../packages/simulators/src/testing/ssh.ts"
import { argvOf, runStep, steps, typed } from "./story/steps.ts"

// The start script of the machine is named from the root of the repository.
process.chdir(fileURLToPath(new URL("..", import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), "anygpu-story-"))
const interrupted = new AbortController()
const interrupt = () => {
  if (interrupted.signal.aborted) process.exit(130)
  interrupted.abort(new DOMException("Interrupted.", "AbortError"))
}
process.on("SIGINT", interrupt)
/** A key of this story's own, where a user's would be: the user's may have a passphrase. */
const makeKey = (): string => {
  const pair = newPair()
  const path = join(folder, ".ssh", "id_ed25519")
  mkdirSync(join(folder, ".ssh"))
  writeFileSync(path, pair.private, { mode: 0o600 })
  writeFileSync(`${path}.pub`, pair.public)
  return path
}
const { stdin, stdout, stderr } = process
const io = {
  ...{ stdin, stdout, stderr, signal: interrupted.signal, ssh: { key: makeKey(), agent: false } as const },
  env: { ...process.env, HOME: folder, ANYGPU_SIM_STATE: join(folder, "simulation.db"), ANYGPU_SIM_SEED: "7" }
}
const story = [...steps, runStep(join(tmpdir(), "anygpu-results"))]
/** Between two calls, in milliseconds: time to read, and half a minute for the machines. */
const pause = 600
const width = Math.min(stdout.columns ?? 80, 100)
const print = (...lines: ReadonlyArray<string>) => stdout.write(`${lines.join("\n")}\n`)

try {
  for (const [index, step] of story.entries()) {
    print("", styleText(["bold", "cyan"], `${index + 1}. ${step.title}`), styleText("bold", typed(step, width)))
    const code = await main(argvOf(step), io)
    if (code !== 0) {
      process.exitCode = code
      break
    }
    if (index < story.length - 1) await sleep(pause, undefined, { signal: interrupted.signal }).catch(() => {})
  }
} finally {
  process.off("SIGINT", interrupt)
  rmSync(folder, { recursive: true, force: true })
}
