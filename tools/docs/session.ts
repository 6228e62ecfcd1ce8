import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { fileURLToPath } from "node:url"
import { commands } from "../../packages/cli/src/commands/index.ts"
import { main } from "../../packages/cli/src/main.ts"
import { createClock } from "../../packages/simulators/src/index.ts"
import { argvOf, type Step, steps, typed } from "../story/steps.ts"
import { page } from "./markdown.ts"

/** What is refused, and how. */
const mistakes: ReadonlyArray<Step> = [
  { title: "A mistyped command", call: ["ofers"] },
  { title: "A name of several GPUs", call: ["offers", "rtx-6000"] },
  {
    title: "More than one wants to pay",
    call: ["launch", "h100", "--for 3h", "--max-total 1", "--image ubuntu:24.04", "--no-ssh-key", "--yes"]
  },
  { title: "A machine that is not there", call: ["terminate", "trainer-2", "--yes"] }
]

const columns = 100

/** Makes calls one after the other on simulated clouds of their own, at a time of their own; the same every time. */
const openTerminal = () => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-session-"))
  const state = join(folder, "simulation.db")
  const clock = createClock({ start: new Date("2026-01-05T09:00:00Z") })
  return {
    /** One call as it stands in a terminal, with its exit code when that is not 0. */
    show: async (step: Step): Promise<string> => {
      const chunks: Array<string> = []
      const sink = (shape: object) =>
        Object.assign(
          new PassThrough().on("data", (chunk) => chunks.push(String(chunk))),
          shape
        )
      const code = await main(argvOf(step), {
        ...{ stdin: new PassThrough(), stdout: sink({ isTTY: true, columns }), stderr: sink({}), clock },
        env: { ANYGPU_SIM_STATE: state, ANYGPU_SIM_SEED: "7", NO_COLOR: "1" },
        signal: new AbortController().signal
      })
      // Somebody reads before the next call is typed.
      await clock.sleep(2000)
      const lines = chunks.join("").replaceAll(state, "~/.local/state/anygpu/simulation.db").trimEnd().split("\n")
      if ((code === 0) !== steps.includes(step))
        throw new Error(`${argvOf(step).join(" ")} ended with ${code}: ${lines}`)
      const ended = code === 0 ? [] : [`[exit code ${code}]`]
      const shown = [typed(step, columns), ...lines.map((line) => line.trimEnd()), ...ended]
      return ["```console", ...shown, "```"].join("\n")
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}

/** The main job and some mistakes, as they look in a terminal of a hundred columns. */
export const sessionPage = async (): Promise<string> => {
  // The start script of the machine is named from the root of the repository.
  process.chdir(fileURLToPath(new URL("../..", import.meta.url)))
  // All of the command is read before its time begins: reading takes turns in which that time would go on.
  await Promise.all(commands.map(({ load }) => load()))
  using terminal = openTerminal()
  const parts: Array<string> = []
  for (const step of [...steps, ...mistakes]) parts.push(`## ${step.title}`, await terminal.show(step))
  return page(
    "A session",
    "Made by the commands themselves, on simulated clouds: with `--sim` every line can be tried as it stands, without an account. Without it, the same lines rent real machines.",
    ...parts
  )
}
