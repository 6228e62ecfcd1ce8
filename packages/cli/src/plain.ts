import { stripVTControlCharacters } from "node:util"

/** A text of a cloud in one line: without what would move the cursor or colour the terminal. */
export const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point
  stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ")

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const colour = /(\u001b\[[0-9;]*m)/

/**
 * A line of a workload's output as it may go to this answer: as it is into files and pipes.
 *
 * - On a terminal it keeps its colours and tabs and loses what would move the cursor or set the terminal up.
 */
export const printable = (line: string, { width }: { readonly width: number }): string => {
  if (width === Number.POSITIVE_INFINITY) return line
  const parts = line.split(colour)
  return parts.map((part, index) => (index % 2 === 1 ? part : part.split("\t").map(plain).join("\t"))).join("")
}
