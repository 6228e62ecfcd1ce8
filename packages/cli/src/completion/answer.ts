import { exitCodes } from "@anygpu/operations/failure"
import type { Io } from "../io.ts"
import { plain } from "../plain.ts"
import { type Candidates, candidatesFor } from "./candidates.ts"
import { keptByBash, type Line, lineOf } from "./line.ts"
import { lookUpIn } from "./look-up.ts"
import { filesLine } from "./scripts.ts"

const linesOf = ({ found, files }: Candidates, kept: number): ReadonlyArray<string> => [
  ...found.map(({ value, description }) => `${plain(value).slice(kept)}\t${plain(description)}`),
  ...(files ? [filesLine] : [])
]

/**
 * Answers a shell's script: one line for each word that may stand at the cursor, its description behind a tab.
 *
 * - bash gives the line up to the cursor, since its own words are other ones than ours; zsh and fish give the words.
 */
export const answerShell = async ([shell, ...words]: ReadonlyArray<string>, io: Io): Promise<number> => {
  const line: Line =
    shell === "bash" ? lineOf(words.join(" ")) : { before: words.slice(0, -1), current: words.at(-1) ?? "" }
  const candidates = await candidatesFor(line, lookUpIn(io))
  const lines = linesOf(candidates, shell === "bash" ? keptByBash(line.current) : 0)
  io.stdout.write(lines.map((one) => `${one}\n`).join(""))
  return exitCodes.done.code
}
