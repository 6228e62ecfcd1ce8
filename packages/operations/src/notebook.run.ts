import type { ConnectedMachine, RunningJob } from "@anygpu/ssh"
import { type InstanceRef, RemoteFailed, Timeout } from "anygpu"
import { millis } from "effect/Duration"
import type { OperationContext } from "./context.ts"
import { localUrl } from "./forward.run.ts"
import type { InputOf } from "./input/field.ts"
import { withSession } from "./machines/session.ts"
import { findScript, linesAfter, serversScript } from "./notebook/scripts.ts"
import type { notebookInput } from "./notebook.ts"
import type { NotebookJson } from "./protocol/answers/notebook.ts"
import { commandText } from "./text/shell-command.ts"

type Input = InputOf<typeof notebookInput>

/** A server of notebooks on a machine. */
interface Server {
  readonly port: number
  /** Empty where it asks for none. */
  readonly token: string
  /** What its addresses begin with. */
  readonly base: string
}

/** What came of looking for it, starting or ending it. */
export interface Notebook {
  readonly ref: InstanceRef
  readonly state: "started" | "running" | "stopped"
  readonly server: Server | null
}

/** The name of the job that it is. */
const id = "notebook"

/** How long a server may take until it has written down where it is, in milliseconds. */
const patience = 60_000

/** How often it is looked whether it has, in milliseconds. */
const lookEvery = 300

/** What a server wrote down of itself; null for another text. */
const serverIn = (text: string): Server | null => {
  try {
    const { port, token, base_url: base } = Object(JSON.parse(text)) as Readonly<Record<string, unknown>>
    if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535) return null
    const isBase = typeof base === "string" && /^\/[\w./~-]*$/.test(base)
    return { port, token: typeof token === "string" ? token : "", base: isBase ? base : "/" }
  } catch {
    return null
  }
}

const findServer = async (session: ConnectedMachine, signal: AbortSignal): Promise<Server | null> => {
  const { stdout } = await session.exec(serversScript, { signal })
  return linesAfter("#server", stdout).flatMap((line) => serverIn(line) ?? [])[0] ?? null
}

const findProgram = async (session: ConnectedMachine, ref: InstanceRef, signal: AbortSignal): Promise<string> => {
  const { stdout } = await session.exec(findScript, { signal })
  const program = linesAfter("#jupyter", stdout).at(-1)
  if (program !== undefined) return program
  const install = commandText("anygpu", "exec", ref, "--", "pip", "install", "jupyterlab")
  const message = `${ref} has no Jupyter: neither jupyter-lab nor jupyter-notebook is there. Install it with: ${install}`
  throw new RemoteFailed({ message, retry: "permanent", code: 127, signal: null, stderr: "" })
}

/** The end of what a job wrote. */
const lastWords = async (job: RunningJob): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ""
  for await (const chunk of job.output()) text = `${text}${decoder.decode(chunk, { stream: true })}`.slice(-1000)
  return text.trim()
}

/** Waits until a server has written down where it is; `RemoteFailed` with its last words where it ends before. */
const appeared = async (
  { pause, signal }: Pick<OperationContext, "pause" | "signal">,
  session: ConnectedMachine,
  job: RunningJob
): Promise<Server> => {
  for (let waited = 0; ; waited += lookEvery) {
    const server = await findServer(session, signal)
    if (server) return server
    const { state, code } = await job.status({ signal })
    if (state !== "running" && state !== "starting") {
      const words = await lastWords(job)
      const message = `Jupyter ended before it was up${words === "" ? "" : `: ${words}`}`
      throw new RemoteFailed({ message, retry: "permanent", code, signal: null, stderr: words })
    }
    if (waited >= patience) {
      const message = `Jupyter runs and has not shown its port yet. Look at what it writes in the job "${id}"`
      throw new Timeout({ message, retry: "temporary", after: millis(patience) })
    }
    await pause(lookEvery, signal)
  }
}

/** A token that nobody guesses: 24 bytes at random, in hexadecimal digits. */
const newToken = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** Starts a server as a job, in the place of one that has ended. */
const start = async (session: ConnectedMachine, program: string, cwd: string | undefined, signal: AbortSignal) => {
  const before = session.job(id)
  const { state } = await before.status({ signal })
  const isUp = state === "running" || state === "starting"
  if (!isUp && state !== "none") await before.remove({ signal })
  const options = ["--no-browser", "--ip=127.0.0.1", "--port=8888", "--allow-root"]
  return await session.start([program, ...options], {
    ...{ id, streams: "both", signal, env: { JUPYTER_TOKEN: newToken() } },
    cwd: cwd ?? "~"
  })
}

/** Finds the server of a machine, or starts one; ends it where that is asked for. */
export const openNotebook = async (
  context: Pick<OperationContext, "out" | "pause" | "signal">,
  session: ConnectedMachine,
  ref: InstanceRef,
  { cwd, stop = false }: Pick<Input, "cwd" | "stop">
): Promise<Notebook> => {
  const { out, signal } = context
  if (stop) {
    const job = session.job(id)
    if ((await job.status({ signal })).state !== "none") await job.stop({ signal })
    return { ref, state: "stopped", server: null }
  }
  const there = await findServer(session, signal)
  if (there) return { ref, state: "running", server: there }
  const program = await findProgram(session, ref, signal)
  const server = await out.during(`starting Jupyter on ${ref}`, async () =>
    appeared(context, session, await start(session, program, cwd, signal))
  )
  return { ref, state: "started", server }
}

/** Where a notebook is opened, when its port is led to one of this computer. */
export const notebookUrl = ({ base, token }: Server, local: number): string =>
  new URL(`${base}${token === "" ? "" : `?token=${encodeURIComponent(token)}`}`, localUrl(local)).href

/** Finds the server of a machine, or starts one. */
export const run = (context: OperationContext, input: Input): Promise<Notebook> =>
  withSession(context, input, (session, { ref }) => openNotebook(context, session, ref, input))

/** Where the notebook is, in JSON. */
export const encode = ({ ref, state, server }: Notebook): NotebookJson => ({
  ...{ ref: String(ref), state, port: server?.port ?? null, token: server?.token || null },
  url: server && notebookUrl(server, server.port),
  command: server && commandText("anygpu", "forward", ref, server.port)
})
