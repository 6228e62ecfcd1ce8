import type { VirtualClock } from "../../clock.ts"
import { type Opened, release, share } from "./descriptor.ts"
import { Errno } from "./errno.ts"
import type { Files } from "./files.ts"
import type { Hardware } from "./hardware.ts"

/** Numbers of the signals that people send. */
export const signals = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19
} as const

/** The name of a signal, without `SIG`. */
export type Signal = keyof typeof signals

/** A signal by its name, with or without `SIG`, or by its number; undefined for another text. */
export const signalOf = (text: string): Signal | undefined => {
  const name = text.replace(/^SIG/i, "").toUpperCase()
  const entries = Object.entries(signals) as ReadonlyArray<readonly [Signal, number]>
  return entries.find(([own, number]) => own === name || String(number) === text)?.[0]
}

/** What runs on a simulated machine: a program or a shell, as JavaScript. */
export interface Process {
  readonly machine: Kernel
  readonly pid: number
  parent: number
  group: number
  session: number
  /** Jiffies after the start of the machine. */
  readonly born: number
  argv: ReadonlyArray<string>
  /** Exported variables. */
  env: ReadonlyMap<string, string>
  /** Its variables as they were when its program began: what `/proc` shows. */
  environ: ReadonlyMap<string, string>
  cwd: string
  umask: number
  readonly open: Map<number, Opened>
  /** Signals that do nothing to it. */
  readonly ignored: Set<Signal>
  /** Signals that it takes itself; those that came and were not yet taken. */
  readonly caught: Set<Signal>
  readonly pending: Signal[]
  /** Its exit code, or what ended it; null while it runs. */
  ended: { readonly code: number; readonly signal: Signal | null } | null
  /** Called when it has ended, or a signal has come that it takes. */
  readonly listeners: Set<() => void>
  readonly children: Set<Process>
}

/** A request to a port of the machine. */
export interface PortRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** What answers on a port of the machine, by HTTP. */
export type PortHandler = (request: PortRequest) => {
  readonly status: number
  readonly body: string | Buffer
  readonly type: string
}

/** The processes of a machine, and what they share. */
export interface Kernel {
  readonly files: Files
  readonly clock: VirtualClock
  /** What it is made of, as its programs show it. */
  hardware: Hardware
  /** Who logs in. */
  readonly user: string
  /** Another one after each start. */
  bootId: string
  bootedAt: number
  readonly processes: Map<number, Process>
  /** What can be run, by name. */
  readonly programs: ReadonlyMap<string, (process: Process, argv: ReadonlyArray<string>) => number | Promise<number>>
  readonly hostname: string
  nextPid: number
  /** What listens, by port. */
  readonly ports: Map<number, PortHandler>
  /** Ends every process and starts again; files stay. */
  readonly restart: () => void
  /** Ends every process, for good. */
  readonly switchOff: () => void
  /** Whether it was switched off: whatever still runs ends at its next step. */
  isOff: boolean
}

/** Thrown in a process that was ended from outside, at its next step. */
export class Ended extends Error {}

/** What a new process takes over from the one that starts it. */
export interface SpawnOptions {
  readonly parent: Process | null
  readonly argv: ReadonlyArray<string>
  readonly env: ReadonlyMap<string, string>
  readonly cwd: string
  readonly umask?: number
  readonly open: ReadonlyMap<number, Opened>
  /** Leads a session of its own. */
  readonly isLeader?: boolean
  readonly group?: "own"
}

/** Makes a process; nothing runs in it yet. */
export const makeProcess = (machine: Kernel, options: SpawnOptions): Process => {
  const { parent, argv, env, cwd, open, isLeader = false, group } = options
  if (machine.isOff) throw new Ended()
  const pid = machine.nextPid++
  const process: Process = {
    ...{ machine, pid, argv, env, environ: env, cwd },
    parent: parent?.pid ?? 1,
    group: isLeader || group === "own" ? pid : (parent?.group ?? pid),
    session: isLeader ? pid : (parent?.session ?? pid),
    born: Math.round((machine.clock.monotonic() - machine.bootedAt) / 10) + pid,
    umask: options.umask ?? parent?.umask ?? 0o022,
    open: new Map([...open].map(([fd, opened]) => [fd, share(opened)])),
    ignored: new Set(parent?.ignored),
    caught: new Set(),
    pending: [],
    ended: null,
    listeners: new Set(),
    children: new Set()
  }
  parent?.children.add(process)
  machine.processes.set(pid, process)
  return process
}

const wake = (process: Process): void => {
  for (const listener of [...process.listeners]) listener()
}

/** Ends a process: what it had open is let go of, what it started goes on. */
export const finish = (process: Process, code: number, signal: Signal | null = null): void => {
  if (process.ended !== null) return
  process.ended = { code, signal }
  for (const opened of process.open.values()) release(opened)
  process.open.clear()
  for (const child of process.children) {
    child.parent = 1
    if (child.ended !== null) process.machine.processes.delete(child.pid)
  }
  const parent = process.machine.processes.get(process.parent)
  if (parent === undefined || parent.ended !== null) process.machine.processes.delete(process.pid)
  wake(process)
}

/** The exit code of a process that has ended is asked for: nobody can ask again. */
export const collect = (process: Process): number => {
  process.machine.processes.delete(process.pid)
  process.machine.processes.get(process.parent)?.children.delete(process)
  return process.ended?.code ?? 0
}

const harmless: ReadonlySet<Signal> = new Set(["CHLD", "CONT", "STOP"])

/** Sends a signal. */
export const send = (process: Process, signal: Signal): void => {
  if (process.ended !== null) return
  if (signal !== "KILL") {
    if (process.ignored.has(signal) || harmless.has(signal)) return
    if (process.caught.has(signal)) {
      process.pending.push(signal)
      wake(process)
      return
    }
  }
  finish(process, 128 + signals[signal], signal)
}

/** Sends a signal to a process, or with a negative number to a group; throws {@link Errno} where it is missing. */
export const sendTo = (machine: Kernel, pid: number, signal: Signal | null): void => {
  const all = [...machine.processes.values()]
  const found = pid < 0 ? all.filter(({ group }) => group === -pid) : all.filter((process) => process.pid === pid)
  if (found.length === 0) throw new Errno("ESRCH")
  if (signal !== null) for (const process of found) send(process, signal)
}

/** Throws in a process that was ended. */
export const step = (process: Process): void => {
  if (process.ended !== null) throw new Ended()
}

/** Waits for something, until the process is ended; a signal that it takes ends the wait where `interrupts`. */
export const block = async <A>(process: Process, work: Promise<A>, interrupts = false): Promise<A | undefined> => {
  step(process)
  if (interrupts && process.pending.length > 0) return undefined
  let leave = () => {}
  const stopped = new Promise<undefined>((resolve, reject) => {
    const listen = () => {
      if (process.ended !== null) reject(new Ended())
      else if (interrupts && process.pending.length > 0) resolve(undefined)
    }
    process.listeners.add(listen)
    leave = () => process.listeners.delete(listen)
  })
  try {
    const result = await Promise.race([work, stopped])
    step(process)
    return result
  } finally {
    leave()
  }
}

/** Resolves when a process has ended. */
export const endOf = (process: Process): Promise<void> =>
  new Promise((resolve) => {
    if (process.ended !== null) return resolve()
    const listen = () => {
      if (process.ended === null) return
      process.listeners.delete(listen)
      resolve()
    }
    process.listeners.add(listen)
  })
