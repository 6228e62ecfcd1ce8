import { type ExitCode, errorJson, exitCodes } from "@anygpu/operations/failure"
import { visibleJson } from "anygpu"

/** What to do about an error, by its class. */
const adviceFor = (exitCode: number): string => {
  const all: ReadonlyArray<ExitCode> = Object.values(exitCodes)
  return all.find(({ code }) => code === exitCode)?.advice ?? ""
}

/** A launch that failed after its quote was made. */
export class Quoted extends Error {
  readonly quote: object
  constructor(cause: unknown, quote: object) {
    super("A launch that was quoted failed", { cause })
    this.quote = quote
  }
}

const longest = 4000

/** A message may repeat what it was asked for, which may be a megabyte: an agent pays for each word that it reads. */
const cut = (_: string, value: unknown): unknown =>
  typeof value === "string" && value.length > longest
    ? `${value.slice(0, longest)}… (${value.length} characters)`
    : value

/** What was thrown as the answer of a tool: its tag, what happened, what is left, what to do. */
export const refusal = (thrown: unknown, aborted: boolean) => {
  const [error, quote] = thrown instanceof Quoted ? [thrown.cause, { quote: thrown.quote }] : [thrown, {}]
  const { exitCode, ...shown } = errorJson(error, aborted)
  const advice = adviceFor(exitCode)
  const text = visibleJson(JSON.stringify({ error: { ...shown, ...(advice && { advice }) }, ...quote }, cut, 2))
  return { isError: true, content: [{ type: "text" as const, text }] }
}
