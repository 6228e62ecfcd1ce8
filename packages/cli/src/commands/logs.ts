import { type InputOf, present } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { findMachine, mustSupport } from "@anygpu/operations/run"
import { type InstanceRef, isGpuError, type LogOptions, type Status } from "anygpu"
import type { eventsFields, logsFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { freshIn, type LogWindow, type Look } from "../follow.ts"
import type { LogLineJson } from "../json/log-line.ts"
import { pause } from "../pause.ts"
import { printable } from "../plain.ts"

/** From one look at a log to the next. */
const everyMillis = 5000

/** How many lines a look asks for: more when it is not clear how its lines continue those before. */
const windowSizes = [1000, 4000, 16_000] as const
const [smallest, , largest] = windowSizes

/** In these nothing is printed any more. */
const over: ReadonlyArray<Status | null> = ["stopped", "failed", "terminated"]
const coming: ReadonlyArray<Status | null> = ["pending", "provisioning", "starting"]

/** One log of one machine. */
interface Source {
  readonly context: Context
  readonly ref: InstanceRef
  readonly op: "logs" | "events"
  readonly wanted: Omit<LogOptions, "tail">
}

const write = ({ context: { out } }: Source, entry: LogLineJson): void => {
  if (out.json || entry.type === "line") {
    out.event({ json: () => entry, text: () => (entry.type === "line" ? printable(entry.line, out) : "") })
  } else if (entry.type === "gap") out.warn(entry.message)
}

const read = async ({ context, ref, op, wanted }: Source, tail: number | undefined) => {
  const gpu = await context.gpu()
  const options = { ...wanted, ...(tail !== undefined && { tail }), signal: context.signal }
  return (await gpu.act(ref, op, options)).lines
}

const windowOf = async (source: Source, size: number): Promise<LogWindow> => {
  const lines = await read(source, size)
  return { lines, whole: lines.length < size }
}

/** The first look: everything that can be had, or the last lines that were asked for. */
const begin = async (source: Source, tail: number | undefined): Promise<Look> => {
  const now = await windowOf(source, tail === undefined ? largest : Math.max(tail, smallest))
  if (tail === undefined && !now.whole) source.context.out.note(`only the last ${now.lines.length} lines are shown`)
  return {
    now,
    lines: tail === undefined ? now.lines : now.lines.slice(Math.max(0, now.lines.length - tail)),
    sure: true
  }
}

/** A further look, with more lines as long as it is not clear which of them are new. */
const goOn = async (source: Source, before: LogWindow): Promise<Look> => {
  for (const size of windowSizes) {
    const now = await windowOf(source, size)
    const fresh = freshIn(before, now)
    if (fresh.sure || now.whole || size === largest) return { now, ...fresh }
  }
  throw new Error("unreachable: the largest window ends the loop")
}

/** What the machine is now; null when that cannot be said at the moment. */
const statusOf = async ({ context: { gpu, signal }, ref }: Source): Promise<Status | null> => {
  const client = await gpu()
  try {
    return (await client.get(ref, { signal })).status
  } catch (error) {
    if (isGpuError(error) && error.retry !== "permanent") return null
    throw error
  }
}

/**
 * Prints what is new until the machine halts.
 *
 * - A passing failure is reported once and the look repeated; a machine that is not up yet is waited for.
 */
const follow = async (source: Source, tail: number | undefined): Promise<number> => {
  const { context, ref, op } = source
  const { out } = context
  let before: LogWindow | null = null
  let isDoubtful = false
  let trouble: string | null = null
  for (;;) {
    // Read before the log, so that the last lines of a machine that halts in between are not missed.
    const status = await statusOf(source)
    try {
      const look: Look = before === null ? await begin(source, tail) : await goOn(source, before)
      if (!look.sure && !isDoubtful) {
        const message = `it is not sure how the ${op} go on here: lines may be missing, or be there twice`
        write(source, { type: "gap", message })
      }
      for (const line of look.lines) write(source, { type: "line", line })
      ;[before, isDoubtful, trouble] = [look.now, !look.sure, null]
    } catch (error) {
      const isOver = over.includes(status) && before !== null
      const mayPass = isGpuError(error) && (error.retry !== "permanent" || coming.includes(status) || isOver)
      if (!mayPass) throw error
      if (isOver) {
        const message = `what came after the last look cannot be read any more: ${error.message}`
        write(source, { type: "gap", message })
      } else {
        const message = coming.includes(status) ? `${ref} is ${status}: waiting for its ${op}` : error.message
        // It halted since its status was read: the next look shows it.
        const isHalting = error._tag === "IllegalAction" && !coming.includes(status)
        if (message !== trouble && !isHalting) out.note(message)
        trouble = message
      }
    }
    if (status !== null && over.includes(status)) {
      write(source, { type: "end", status })
      out.note(`${ref} is ${status}: its ${op} end here`)
      return exitCodes.done.code
    }
    await pause(context, everyMillis)
  }
}

type Input = InputOf<typeof eventsFields> & Pick<InputOf<typeof logsFields>, "source">

const printing =
  (op: "logs" | "events") =>
  async (context: Context, input: Input): Promise<number> => {
    const { out, signal } = context
    const { tail, containing, source: from, follow: goesOn = false } = input
    const ref = await findMachine(context, input.ref, { reads: true })
    mustSupport(await context.gpu(), ref, op)
    const source: Source = { context, ref, op, wanted: present({ containing, source: from }) }
    if (!goesOn) {
      const lines = tail === 0 ? [] : await out.during(`asking for the ${op} of ${ref}`, () => read(source, tail))
      for (const line of lines) write(source, { type: "line", line })
      return exitCodes.done.code
    }
    try {
      return await follow(source, tail)
    } catch (error) {
      // Ctrl-C is how a log that goes on is left.
      if (signal.aborted) return exitCodes.interrupted.code
      throw error
    }
  }

/** `anygpu logs`: what the workload has printed. */
export const run = printing("logs")

/** `anygpu events`: what the cloud did with the machine. */
export const events = printing("events")
