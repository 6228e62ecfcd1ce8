import { type InputOf, present } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { findMachine, followLines, type LogNews, type LogSource, mustSupport } from "@anygpu/operations/run"
import type { eventsFields, logsFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import type { LogLineJson } from "../json/log-line.ts"
import { pause } from "../pause.ts"
import { printable } from "../plain.ts"

/** From one look at a log to the next. */
const everyMillis = 5000

const write = ({ out }: Context, entry: LogLineJson): void => {
  if (out.json || entry.type === "line") {
    out.event({ json: () => entry, text: () => (entry.type === "line" ? printable(entry.line, out) : "") })
  } else if (entry.type === "gap") out.warn(entry.message)
}

const say = (context: Context, { ref, op }: LogSource, news: LogNews): void => {
  const { out } = context
  if (news.is === "lines") for (const line of news.lines) write(context, { type: "line", line })
  if (news.is === "cut") out.note(`only the last ${news.shown} lines are shown`)
  if (news.is === "gap") write(context, { type: "gap", message: news.message })
  if (news.is === "trouble") out.note(news.message)
  if (news.is !== "end") return
  write(context, { type: "end", status: news.status })
  out.note(`${ref} is ${news.status}: its ${op} end here`)
}

type Input = InputOf<typeof eventsFields> & Pick<InputOf<typeof logsFields>, "source">

const printing =
  (op: "logs" | "events") =>
  async (context: Context, input: Input): Promise<number> => {
    const { out, signal } = context
    const { tail, containing, source: from, follow: goesOn = false } = input
    const ref = await findMachine(context, input.ref, { reads: true })
    const gpu = await context.gpu()
    mustSupport(gpu, ref, op)
    const source: LogSource = { context, ref, op, wanted: present({ containing, source: from }) }
    if (!goesOn) {
      const options = { ...source.wanted, ...present({ tail }), signal }
      const asking = async () => (await gpu.act(ref, op, options)).lines
      const lines = tail === 0 ? [] : await out.during(`asking for the ${op} of ${ref}`, asking)
      for (const line of lines) write(context, { type: "line", line })
      return exitCodes.done.code
    }
    try {
      const rest = () => pause(context, everyMillis)
      for await (const news of followLines(source, { tail, rest })) say(context, source, news)
      return exitCodes.done.code
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
