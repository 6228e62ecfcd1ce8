import { visible } from "@anygpu/operations"
import type { Colors } from "./output.ts"

/** A text of a cloud in one line: what would move the cursor or colour the terminal is written as an escape. */
export const plain = (text: string): string => visible(text)

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const colour = /(\u001b\[[0-9;]*m)/

/** Each part between two colours, and the colours as they are. */
const betweenColours = (text: string, show: (part: string) => string): string =>
  text
    .split(colour)
    .map((part, index) => (index % 2 === 1 ? part : show(part)))
    .join("")

const kept = (text: string, ends: RegExp): string =>
  text
    .split(ends)
    .map((part, index) => (index % 2 === 1 ? part : plain(part)))
    .join("")

/**
 * A line of a workload's output as it may go to this answer: as it is into files and pipes.
 *
 * - On a terminal it keeps its colours and tabs; what would move the cursor or set the terminal up is written as an escape.
 */
export const printable = (line: string, { width }: { readonly width: number }): string =>
  width === Number.POSITIVE_INFINITY ? line : betweenColours(line, (part) => kept(part, /(\t)/))

/** Everything that a command says, however it was made: lines, tabs, and colours where there are some; no other control. */
export const harmless = (text: string, { isColorSupported }: Pick<Colors, "isColorSupported">): string => {
  const show = (part: string) => kept(part, /([\n\t])/)
  return isColorSupported ? betweenColours(text, show) : show(text)
}
