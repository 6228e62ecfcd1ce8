import { type GpuClient, type InstanceRef, isGpuError, type LogOptions, type Status } from "anygpu"
import type { OperationContext } from "../context.ts"
import { freshIn, type LogWindow, type Look } from "./log-window.ts"

/** How many lines a look asks for: more when it is not clear how its lines continue those before. */
const windowSizes = [1000, 4000, 16_000] as const
const [smallest, , largest] = windowSizes

/** In these nothing is printed any more. */
const over: ReadonlyArray<Status | null> = ["stopped", "failed", "terminated"]
const coming: ReadonlyArray<Status | null> = ["pending", "provisioning", "starting"]

/** One log of one machine. */
export interface LogSource {
  readonly context: Pick<OperationContext, "gpu" | "signal">
  readonly ref: InstanceRef
  readonly op: "logs" | "events"
  readonly wanted: Omit<LogOptions, "tail">
}

/** What happens to a log that is followed. */
export type LogNews =
  | { readonly is: "lines"; readonly lines: ReadonlyArray<string> }
  /** Only so many lines of what was before could be had. */
  | { readonly is: "cut"; readonly shown: number }
  /** Lines may be missing, or be there twice, from here to the next ones that are sure. */
  | { readonly is: "gap"; readonly message: string }
  /** It cannot be read for now, by an error; a look follows. The same trouble is said once. */
  | { readonly is: "trouble"; readonly message: string; readonly error: unknown }
  /** The machine prints nothing any more. */
  | { readonly is: "end"; readonly status: Status }

const read = async ({ context, ref, op, wanted }: LogSource, tail: number): Promise<ReadonlyArray<string>> => {
  const gpu: GpuClient = await context.gpu()
  const options = { ...wanted, tail, signal: context.signal }
  return (await gpu.act(ref, op, options)).lines
}

const windowOf = async (source: LogSource, size: number): Promise<LogWindow> => {
  const lines = await read(source, size)
  return { lines, whole: lines.length < size }
}

/** The first look: everything that can be had, or the last lines that were asked for. */
const begin = async (source: LogSource, tail: number | undefined): Promise<Look> => {
  const now = await windowOf(source, tail === undefined ? largest : Math.max(tail, smallest))
  const lines = tail === undefined ? now.lines : now.lines.slice(Math.max(0, now.lines.length - tail))
  return { now, lines, sure: true }
}

/** A further look, with more lines as long as it is not clear which of them are new. */
const goOn = async (source: LogSource, before: LogWindow): Promise<Look> => {
  for (const size of windowSizes) {
    const now = await windowOf(source, size)
    const fresh = freshIn(before, now)
    if (fresh.sure || now.whole || size === largest) return { now, ...fresh }
  }
  throw new Error("unreachable: the largest window ends the loop")
}

/** What the machine is now; null when that cannot be said at the moment. */
const statusOf = async ({ context: { gpu, signal }, ref }: LogSource): Promise<Status | null> => {
  const client = await gpu()
  try {
    return (await client.get(ref, { signal })).status
  } catch (error) {
    if (isGpuError(error) && error.retry !== "permanent") return null
    throw error
  }
}

/** What a look that failed means; throws what will not pass. */
const afterFailure = (
  { ref, op }: LogSource,
  status: Status | null,
  error: unknown,
  isBegun: boolean
): LogNews | null => {
  const isOver = over.includes(status) && isBegun
  const mayPass = isGpuError(error) && (error.retry !== "permanent" || coming.includes(status) || isOver)
  if (!mayPass) throw error
  if (isOver) return { is: "gap", message: `what came after the last look cannot be read any more: ${error.message}` }
  // It halted since its status was read: the next look shows it.
  if (error._tag === "IllegalAction" && !coming.includes(status)) return null
  return {
    ...{ is: "trouble", error },
    message: coming.includes(status) ? `${ref} is ${status}: waiting for its ${op}` : error.message
  }
}

/**
 * What is new in a log, look by look, until the machine halts.
 *
 * - A passing failure is said once and the look repeated; a machine that is not up yet is waited for. Others are thrown.
 * - `rest` waits between two looks.
 */
export async function* followLines(
  source: LogSource,
  { tail, rest }: { readonly tail?: number | undefined; readonly rest: () => Promise<unknown> }
): AsyncGenerator<LogNews, void> {
  let before: LogWindow | null = null
  let isDoubtful = false
  let trouble: string | null = null
  for (;;) {
    // Read before the log, so that the last lines of a machine that halts in between are not missed.
    const status = await statusOf(source)
    try {
      const look: Look = before === null ? await begin(source, tail) : await goOn(source, before)
      if (before === null && tail === undefined && !look.now.whole) yield { is: "cut", shown: look.now.lines.length }
      if (!look.sure && !isDoubtful) {
        const message = `it is not sure how the ${source.op} go on here: lines may be missing, or be there twice`
        yield { is: "gap", message }
      }
      if (look.lines.length > 0 || before === null) yield { is: "lines", lines: look.lines }
      ;[before, isDoubtful, trouble] = [look.now, !look.sure, null]
    } catch (error) {
      const news = afterFailure(source, status, error, before !== null)
      if (news && (news.is !== "trouble" || news.message !== trouble)) yield news
      if (news?.is === "trouble") trouble = news.message
    }
    if (status !== null && over.includes(status)) return yield { is: "end", status }
    await rest()
  }
}
