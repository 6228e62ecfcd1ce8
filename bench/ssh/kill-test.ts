import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Machine } from "./machine.ts"
import { judge, numberedLines, randomFrom } from "./numbered.ts"

/** What came of a job whose client was killed again and again. */
export interface KillResult {
  readonly lost: number
  readonly repeated: number
  readonly kills: number
  /** Kills before the first byte of their client, such as at the login or at the start of the job. */
  readonly early: number
  readonly code: number | null
}

/** The program that is killed. */
const client = new URL("../../packages/ssh/src/testing/client.ts", import.meta.url).pathname

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0)

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "latin1").replaceAll("\0", " ")
  } catch {
    return ""
  }
}

/** Kills a client at random moments and starts the next one, which comes back to the job by its id. */
export const killTest = async (
  machine: Machine,
  transport: "ssh2" | "openssh",
  plan: { readonly lines: number; readonly kills: number; readonly seed: number }
): Promise<KillResult> => {
  const random = randomFrom(plan.seed)
  const id = `kill-${transport}-${plan.seed}`
  const [file, enough] = [join(machine.folder, `${id}.out`), join(machine.folder, `${id}.enough`)]
  const command = numberedLines(plan.lines, { seconds: plan.kills * 10, enough })
  const { direct, user, key } = machine
  const args = ["--conditions=anygpu-source", client, String(direct), user, key, transport, id, file, command]
  let [kills, early, code] = [0, 0, null as number | null]
  // What a client takes to begin, so that it is killed both before and after.
  let start = 2000
  for (;;) {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })
    let answer = ""
    child.stdout.on("data", (chunk) => {
      answer += chunk
    })
    const before = sizeOf(file)
    const began = performance.now()
    const over = once(child, "close")
    if (kills < plan.kills) {
      const isStreaming = random() < 0.7
      const deadline = began + start * (isStreaming ? 4 : random())
      while (performance.now() < deadline && !(isStreaming && sizeOf(file) > before)) {
        await new Promise((done) => setTimeout(done, 20))
      }
      if (sizeOf(file) > before) start = (start + performance.now() - began) / 2
      if (isStreaming) await new Promise((done) => setTimeout(done, 600 * random()))
      if (child.kill("SIGKILL")) kills++
      if (sizeOf(file) === before) early++
      if (kills === plan.kills) writeFileSync(enough, "")
      await over
      continue
    }
    const [ended] = await over
    if (ended !== 0) throw new Error(`the client ended with ${ended}`)
    code = (JSON.parse(answer) as { readonly code: number | null }).code
    break
  }
  return { ...judge(readFileSync(file, "utf8"), plan.lines), kills, early, code }
}

/** What killed clients have left: clients of ssh here, and on the machine whatever runs in a login. */
const leftOn = ({ direct, folder }: Machine): number =>
  readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const isClient = textOf(`/proc/${pid}/cmdline`).startsWith("ssh ")
    return isClient
      ? textOf(`/proc/${pid}/cmdline`).includes(`-p ${direct} `)
      : textOf(`/proc/${pid}/environ`).includes(`ANYGPU_HOME=${folder}/`)
  }).length

/**
 * How many processes killed clients have left for good, once every job of the machine is over.
 *
 * - A reader on the machine hears of its client's end when it writes, at least every five seconds.
 */
export const leftForGood = async (machine: Machine): Promise<number> => {
  for (let tries = 0; tries < 30 && leftOn(machine) > 0; tries++) await new Promise((done) => setTimeout(done, 500))
  return leftOn(machine)
}
