import { posix } from "node:path"
import { turn } from "../../../turn.ts"
import type { Opened } from "../descriptor.ts"
import { Errno } from "../errno.ts"
import { contentOf, type Node } from "../nodes.ts"
import { block, collect, Ended, endOf, finish, makeProcess, type Process, step } from "../process.ts"
import { complain, pathIn } from "../system.ts"
import { environmentOf, Leave, type Shell } from "./state.ts"

/** What a program does: it answers its exit code. */
export type Program = (process: Process, argv: ReadonlyArray<string>) => number | Promise<number>

/** Where a program was found, or why it cannot be run. */
export type Found =
  | { readonly kind: "program"; readonly path: string; readonly run: Program }
  | { readonly kind: "script"; readonly path: string; readonly interpreter: ReadonlyArray<string> }
  | { readonly kind: "none"; readonly code: 126 | 127; readonly message: string }

const executable = 0o111

const foundAt = (process: Process, path: string, node: Node): Found => {
  const { machine } = process
  const program = machine.programs.get(posix.basename(path))
  if (node.kind === "text" && program !== undefined) return { kind: "program", path, run: program }
  if (node.kind !== "file" || (node.mode & executable) === 0)
    return { kind: "none", code: 126, message: "Permission denied" }
  const [, line = ""] = /^#!\s*([^\n]*)/.exec(contentOf(node).subarray(0, 256).toString("latin1")) ?? []
  const words = line
    .replace(/^\S*\/env\s+(?:-S\s+)?/, "")
    .split(/\s+/)
    .filter(Boolean)
  return { kind: "script", path, interpreter: words.length > 0 ? words : ["sh"] }
}

/** Looks for a program, as the shell does: by its path, or in the folders of `PATH`. */
export const lookUp = (process: Process, name: string, path: string): Found => {
  const { files } = process.machine
  if (name.includes("/")) {
    const node = files.find(pathIn(process, name))
    if (node === undefined) return { kind: "none", code: 127, message: "not found" }
    return foundAt(process, files.real(pathIn(process, name)), node)
  }
  let last: Found = { kind: "none", code: 127, message: "not found" }
  for (const folder of path.split(":").filter(Boolean)) {
    const whole = posix.join(posix.resolve(process.cwd, folder), name)
    const node = files.find(whole)
    if (node === undefined || node.kind === "folder") continue
    const found = foundAt(process, whole, node)
    if (found.kind !== "none") return found
    last = found
  }
  return last
}

/** Runs a program in a process, in place of what ran there; answers its exit code. */
export const execute = async (
  process: Process,
  argv: ReadonlyArray<string>,
  env: ReadonlyMap<string, string>
): Promise<number> => {
  const [name = ""] = argv
  const found = lookUp(process, name, env.get("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
  Object.assign(process, { argv, env, environ: env })
  process.caught.clear()
  if (found.kind === "none") {
    await complain(process, `sh: 1: ${name}: ${found.message}`)
    return found.code
  }
  if (found.kind === "program") return found.run(process, argv)
  return execute(process, [...found.interpreter, found.path, ...argv.slice(1)], env)
}

/** Runs what a process does, and ends it with the code that comes of it. */
export const runIn = (process: Process, work: () => number | Promise<number>): void => {
  const begin = async () => {
    try {
      finish(process, (await work()) & 255)
    } catch (error) {
      if (error instanceof Ended) return finish(process, 137)
      if (error instanceof Leave) return finish(process, error.value & 255)
      const message = error instanceof Error ? error.message : String(error)
      await complain(process, `${posix.basename(process.argv[0] ?? "")}: ${message}`).catch(() => {})
      finish(process, error instanceof Errno ? 1 : 2)
    }
  }
  void begin()
}

/** Waits for a process that another one has started, and asks for its code. A signal that the waiting one takes ends it. */
export const waitFor = async (process: Process, child: Process, interrupts = false): Promise<number | undefined> => {
  if (child.ended === null) await block(process, endOf(child), interrupts)
  return child.ended === null ? undefined : collect(child)
}

/** What a new process of a shell begins with. */
export interface Fork {
  readonly open?: ReadonlyMap<number, Opened>
  readonly group?: "own"
}

/** A copy of a shell in a process of its own: what it changes stays there. */
export const fork = (shell: Shell, { open, group }: Fork = {}): Shell => {
  const { process } = shell
  step(process)
  const child = makeProcess(process.machine, {
    ...{ parent: process, argv: process.argv, env: process.environ, cwd: process.cwd },
    open: open ?? process.open,
    ...(group !== undefined && { group })
  })
  const copy: Shell = {
    ...shell,
    process: child,
    variables: new Map(shell.variables),
    functions: new Map(shell.functions),
    traps: new Map([...shell.traps].filter(([, action]) => action === "")),
    ...{ jobs: [], locals: [], loops: 0, isLast: false },
    options: { ...shell.options }
  }
  return copy
}

/** Starts a program as a child of a shell. `prepare` sets where its descriptors lead; what it answers ends the child. */
export const spawn = (
  shell: Shell,
  argv: ReadonlyArray<string>,
  extra: ReadonlyArray<readonly [string, string]>,
  prepare: (process: Process) => Promise<number | null>
): Process => {
  const { process } = shell
  step(process)
  const env = new Map([...environmentOf(shell), ...extra])
  const child = makeProcess(process.machine, { parent: process, argv, env, cwd: process.cwd, open: process.open })
  runIn(child, async () => (await prepare(child)) ?? execute(child, argv, env))
  return child
}

/** So many commands run before others get their turn. */
const commandsPerTurn = 100

/** Lets others run from time to time, and ends here when the process was ended. */
export const breathe = async (shell: Shell): Promise<void> => {
  step(shell.process)
  shell.commands += 1
  if (shell.commands % commandsPerTurn === 0) await turn()
  step(shell.process)
}
