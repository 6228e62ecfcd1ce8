import { type Process, send, step } from "../process.ts"
import type { Capture } from "./expand.ts"
import { collector } from "./redirect.ts"
import { fork, runIn, waitFor } from "./spawn.ts"
import type { Shell } from "./state.ts"

/** Runs a script in a shell of its own and keeps what it writes. */
export const capture: Capture = async (shell, script) => {
  const { opened, bytes } = collector()
  const child = fork(shell, { open: new Map([...shell.process.open, [1, opened]]) })
  runIn(child.process, () => shell.run(child, script))
  shell.captured = (await waitFor(shell.process, child.process)) ?? 0
  return bytes().toString("utf8").replace(/\n+$/, "").replaceAll("\0", "")
}

/** A foreground command is waited for; what ends it from the terminal ends the script too. */
export const waitForChild = async (shell: Shell, child: Process): Promise<number> => {
  const code = (await waitFor(shell.process, child)) ?? 0
  if (child.ended?.signal === "INT" && !shell.traps.has("INT")) send(shell.process, "INT")
  step(shell.process)
  return code
}
