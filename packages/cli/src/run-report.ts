import { commandText, durationText } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { runJson } from "@anygpu/operations/protocol"
import type { RunEvent, RunOutcome } from "@anygpu/ssh"
import { formatMoney } from "anygpu"
import type { Context } from "./context.ts"
import { timeText } from "./format.ts"
import { plain } from "./plain.ts"
import { stepText } from "./step-text.ts"

const filesText = (count: number): string => `${count} ${count === 1 ? "file" : "files"}`

/** What the kernel did to a command; null where it did nothing, or nobody knows. */
const oomText = ({ oomKills, code }: Extract<RunEvent, { readonly type: "ended" }>): string | null => {
  if (oomKills === null || oomKills === 0) return null
  const whom = oomKills === 1 ? "a process" : `${oomKills} processes`
  const next = code === 0 ? "" : ": take a machine with more memory (--min-memory), or let the command use less"
  return `the kernel ended ${whom} for want of memory while the command ran${next}`
}

/** What a step of a run says to people; null for what they see by itself. */
const eventText = (event: RunEvent): string | null => {
  switch (event.type) {
    case "opened":
      return event.isEarlier ? `coming back to run ${event.key}` : null
    case "launching":
      return stepText(event.step)
    case "machine":
      return event.leaseUntil === null
        ? `on ${event.ref}`
        : `on ${event.ref}; should this computer never come back, it ends at ${timeText(event.leaseUntil)}, at the next sweep`
    case "uploaded":
      return `${filesText(event.transferred.files)} put there, ${event.transferred.unchanged} there already`
    case "restored":
      return `goes on from the checkpoint ${event.snapshot}`
    case "started":
      return "the command runs"
    case "stopping":
      return event.because === "stopped" ? "asking the command to stop" : "the time is over: asking the command to stop"
    case "downloaded":
      return `${filesText(event.transferred.files)} brought to ${event.to}`
    case "lost":
      return `the machine is lost: ${event.note}`
    case "given-back":
      return `${event.ref} is ended, verified`
    case "kept":
      return `${event.ref} stays`
    case "problem":
      return event.error.message
    case "ended":
      return oomText(event)
    case "connected":
    case "verified":
    case "checkpoint":
    case "output":
    case "over":
      return null
  }
}

/** How to come back to a run, and how to end it. */
const comeBack = (key: string): string =>
  `come back with: ${commandText("anygpu", "attach", key)}; end it with: ${commandText("anygpu", "stop-job", key)}`

const outcomeText = ({ key, state, end, code, spent, machine, results }: RunOutcome): string => {
  const cost = spent.length === 0 ? "" : `, for ${spent.map((sum) => formatMoney(sum)).join(" and ")}`
  if (state === "open") return `run ${key} goes on${machine === null ? "" : ` on ${machine}`}; ${comeBack(key)}`
  const how = end === "exited" ? `ended with ${code}` : `is over: ${end}${code === null ? "" : ` (${code})`}`
  return `run ${key} ${how}${cost}${results === null ? "" : `; results in ${results.to}`}`
}

/** The exit code of a run: that of its command, where it has one. */
const codeOf = ({ state, end, code, problems }: RunOutcome): number => {
  if (state === "open") return exitCodes.done.code
  if (end === "exited")
    return code === 0 && problems.length > 0 ? exitCodes.partial.code : (code ?? exitCodes.done.code)
  if (end === "stopped") return exitCodes.interrupted.code
  return end === "out-of-time" ? exitCodes.time.code : exitCodes.unwell.code
}

/** How a run is driven: by its own call of the client, which hears of every event and may be stopped or left. */
export type Drive = (how: {
  readonly onEvent: (event: RunEvent) => void
  readonly signal: AbortSignal
}) => Promise<RunOutcome>

/** Drives a run, prints what its command writes as it comes, and says what comes of it; answers its exit code. */
export const reportRun = async ({ io, out, signal }: Context, drive: Drive): Promise<number> => {
  const seen: { key: string | null; outcome: RunOutcome | null } = { key: null, outcome: null }
  const began = performance.now()
  const lastWords = (): string =>
    seen.key === null
      ? "Stopped at once: it may have made a machine. Look with: anygpu audit --recover"
      : `Stopped at once: run ${seen.key} was left as it is, and its machine costs money. Then ${comeBack(seen.key)}`
  const onEvent = (event: RunEvent): void => {
    if (event.type === "opened") seen.key = event.key
    if (event.type === "over") seen.outcome = event.outcome
    if (event.type === "output" && !out.json) (event.stream === "out" ? io.stdout : io.stderr).write(event.bytes)
    const text = eventText(event)
    if (text !== null) out.note(plain(text))
  }
  const stopping = () => out.note("asking the command to stop; once more to leave at once")
  signal.addEventListener("abort", stopping, { once: true })
  io.lastWords?.add(lastWords)
  try {
    const outcome = await drive({ onEvent, signal }).catch((error: unknown) => {
      if (signal.aborted && seen.outcome !== null) return seen.outcome
      throw error
    })
    const time = durationText(Math.max(1000, Math.round((performance.now() - began) / 1000) * 1000))
    out.note(plain(`${outcomeText(outcome)} (${time})`))
    if (out.json) out.answer({ json: () => runJson(outcome), text: () => "" })
    return codeOf(outcome)
  } finally {
    signal.removeEventListener("abort", stopping)
    io.lastWords?.delete(lastWords)
  }
}
