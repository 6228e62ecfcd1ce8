import type { ServerChannel, Session } from "ssh2"
import { logIn } from "../login.ts"
import { endOf, type Kernel, type Process, send, signalOf } from "../process.ts"
import { openReadable, outputsOf } from "./channel.ts"
import { serveSftp } from "./sftp.ts"
import { asTerminal, makeTerminal } from "./terminal.ts"

/** What the client asked for before its command. */
interface Asked {
  readonly env: Map<string, string>
  terminal: boolean
  process: Process | null
}

/** Says how a process ended, when it has ended and nobody has its output open any more. */
const tellEnd = async (channel: ServerChannel, process: Process, silent: Promise<unknown>): Promise<void> => {
  await endOf(process)
  await silent
  const { code = 0, signal = null } = process.ended ?? {}
  try {
    if (signal === null) channel.exit(code)
    else channel.exit(signal, false, "")
    channel.end()
  } catch {
    // The connection is gone: no client is there to hear of it.
  }
}

const sendGroup = ({ machine }: Process, group: number, name: string): void => {
  const signal = signalOf(name)
  for (const one of [...machine.processes.values()]) if (one.group === group && signal !== undefined) send(one, signal)
}

/** Runs a command, or the login shell, on a channel. */
const run = (machine: Kernel, channel: ServerChannel, asked: Asked, command?: string): void => {
  const { gone, output: outputTo } = outputsOf(channel)
  channel.on("error", () => {})
  const silences: Array<Promise<void>> = []
  const output = (stream: ServerChannel["stderr"] | ServerChannel) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    silences.push(promise)
    return outputTo(stream, resolve)
  }
  const env = new Map(asked.env)
  if (!asked.terminal) {
    const process = logIn(machine, {
      ...{ stdin: openReadable(channel), stdout: output(channel), stderr: output(channel.stderr), env },
      ...(command !== undefined && { command })
    })
    asked.process = process
    void tellEnd(channel, process, Promise.all(silences))
    return
  }
  const screen = asTerminal(output(channel))
  const terminal = makeTerminal(
    (text) => channel.write(text),
    () => {
      if (asked.process !== null) sendGroup(asked.process, asked.process.group, "INT")
    }
  )
  channel.on("data", terminal.type)
  const process = logIn(machine, {
    ...{ stdin: terminal, stdout: screen, stderr: screen, env },
    ...(command !== undefined && { command })
  })
  asked.process = process
  channel.once("end", terminal.end)
  void gone.then(() => {
    terminal.end()
    sendGroup(process, process.session, "HUP")
  })
  void tellEnd(channel, process, Promise.all(silences))
}

/** Answers what a client asks of a session. `machine` is what runs at that moment; undefined where it is off. */
export const serveSession = (session: Session, machine: () => Kernel | undefined): void => {
  const asked: Asked = { env: new Map(), terminal: false, process: null }
  session.on("error", () => {})
  session.on("env", (accept, _reject, { key, val }) => {
    asked.env.set(key, val)
    accept?.()
  })
  session.on("pty", (accept, _reject, info) => {
    asked.terminal = true
    const { term } = info as { readonly term?: string }
    asked.env.set("TERM", term ?? "xterm")
    accept?.()
  })
  session.on("window-change", (accept) => accept?.())
  session.on("signal", (accept, _reject, { name }) => {
    if (asked.process !== null) sendGroup(asked.process, asked.process.group, name)
    accept?.()
  })
  const begin = (accept: () => ServerChannel, reject: () => void, command?: string): void => {
    const kernel = machine()
    if (kernel === undefined) reject()
    else run(kernel, accept(), asked, command)
  }
  session.on("exec", (accept, reject, { command }) => begin(accept, reject, command))
  session.on("shell", (accept, reject) => begin(accept, reject))
  session.on("sftp", (accept, reject) => {
    const kernel = machine()
    if (kernel === undefined) reject()
    else serveSftp(accept(), kernel)
  })
}
