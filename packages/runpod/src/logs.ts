import { type GpuError, InvalidRequest, type LogOptions } from "@anygpu/core"
import type { Caller } from "@anygpu/core/adapter"
import { isObject } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"

/** The most lines that Runpod gives of before. Source: Runpod API reference v2, getPodLogs. */
const mostLines = 5000
const usualLines = 1000

const lineOf = (data: unknown): string => {
  if (isObject(data) && typeof data.line === "string") return data.line.replace(/\r?\n$/, "")
  return typeof data === "string" ? data : JSON.stringify(data)
}

/**
 * The last lines of a pod's log, out of a stream that stays open: it is left when they are there, when nothing comes for a
 * second, or after five.
 *
 * - With `containing`, the last 5000 lines are looked through: Runpod cannot look for a text.
 * - `InvalidRequest` for more than 5000 lines, and for lines so long that the newest would be missing.
 */
export const logsOf = (
  { call }: Caller,
  id: string,
  { tail = usualLines, source, containing }: LogOptions
): Effect.Effect<ReadonlyArray<string>, GpuError> => {
  if (tail > mostLines) {
    return Effect.fail(InvalidRequest.of("tail", `is ${tail}: Runpod shows the last ${mostLines} lines at most`))
  }
  const wanted = containing === undefined ? Math.ceil(tail) : mostLines
  const query = { tail: wanted, source: source === "host" ? ("system" as const) : ("container" as const) }
  return Effect.flatMap(
    call(endpoints.getPodLogs, { params: { id }, kind: "container", query, events: wanted }),
    ({ events, endedBy }) => {
      if (endedBy === "bytes") {
        const problem = `of the last ${wanted} lines not all were read: they have more than 4 MiB; ask for fewer, and for no text in them`
        return Effect.fail(InvalidRequest.of("tail", problem))
      }
      const lines = events.map(({ data }) => lineOf(data))
      const fitting = containing === undefined ? lines : lines.filter((line) => line.includes(containing))
      return Effect.succeed(fitting.slice(-Math.ceil(tail)))
    }
  )
}
