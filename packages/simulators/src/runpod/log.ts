import type { Call } from "../kit/door.ts"
import { inSeconds } from "../kit/fields.ts"
import type { Reply } from "../kit/http.ts"
import { problem } from "./answers.ts"
import type { World } from "./world.ts"

/** One line of a log. */
export interface LogLine {
  readonly at: number
  readonly source: "container" | "system"
  readonly line: string
}

/** A line of a log, as of now. */
export const print = (
  { state }: World,
  { log }: { readonly log: LogLine[] },
  source: LogLine["source"],
  line: string
): void => void log.push({ at: state.at, source, line })

/** The stream: it stays open after what there is. What a stopped pod shows is not documented, and is the same here. */
export const showLog = ({ log }: { readonly log: readonly LogLine[] }, { query, world }: Call<World>): Reply => {
  const tail = Number(query.get("tail") ?? 100)
  const source = query.get("source")
  if (!Number.isInteger(tail) || tail < 0 || tail > 5000) return problem(422, "tail must be 0 to 5000")
  if (source !== null && source !== "container" && source !== "system") return problem(422, "unknown source")
  const lines = log.filter((line) => source === null || line.source === source)
  const events = lines.map(({ at, source, line }, index) => {
    const data = JSON.stringify({ ts: inSeconds(at), source, line })
    return `id: ${inSeconds(at)}/${String(index + 1).padStart(12, "0")}\ndata: ${data}\n\n`
  })
  const text = (tail === 0 ? [] : events.slice(-tail)).join("")
  return { status: 200, text, contentType: "text/event-stream", staysOpen: world.choices.logsStayOpen }
}
