import type { Opened } from "./descriptor.ts"
import { homeOf } from "./machine.ts"
import { type Kernel, makeProcess, type Process } from "./process.ts"
import { execute, runIn } from "./shell/spawn.ts"

/** What a login begins with. */
export interface LoginOptions {
  readonly stdin: Opened
  readonly stdout: Opened
  readonly stderr: Opened
  /** Variables that the client sends. */
  readonly env?: ReadonlyMap<string, string>
  /** A command; a login shell where it is left out. */
  readonly command?: string
}

/** Starts what a login runs: a command by the user's shell, or that shell itself. */
export const logIn = (machine: Kernel, { stdin, stdout, stderr, env = new Map(), command }: LoginOptions): Process => {
  const home = homeOf(machine.user)
  const variables = new Map([
    ["HOME", home],
    ["USER", machine.user],
    ["LOGNAME", machine.user],
    ["SHELL", "/bin/sh"],
    ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ...env
  ])
  const argv = command === undefined ? ["-sh"] : ["sh", "-c", command]
  const process = makeProcess(machine, {
    ...{ parent: null, argv, env: variables, cwd: home, isLeader: true },
    open: new Map([
      [0, stdin],
      [1, stdout],
      [2, stderr]
    ])
  })
  runIn(process, () => execute(process, ["sh", ...argv.slice(1)], variables))
  return process
}
