import { spawn } from "node:child_process"
import { once } from "node:events"
import type { Machine } from "./machine.ts"

/** One round of one way: its seconds, and the most memory that its process had, in MiB. */
export interface Round {
  readonly seconds: number
  readonly mebibytes: number | null
}

/** Runs a program, and answers what it prints. */
export const ran = async (command: string, args: ReadonlyArray<string>): Promise<string> => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] })
  let text = ""
  child.stdout.on("data", (chunk) => {
    text += chunk
  })
  const [code] = await once(child, "close")
  if (code !== 0) throw new Error(`${command} ended with ${code}`)
  return text
}

/** Runs a line of a shell, in which $SSH is ssh with its options and $HOST the machine. */
export const byShell = async ({ direct, user, key }: Machine, line: string): Promise<Round> => {
  const options = `-i ${key} -p ${direct} -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR`
  const began = performance.now()
  await ran("bash", ["-c", `set -e -o pipefail; SSH="ssh ${options}"; HOST=${user}@127.0.0.1; ${line}`])
  return { seconds: (performance.now() - began) / 1000, mebibytes: null }
}
