import { visible } from "./visible.ts"

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** A command to paste into a POSIX shell, whatever its words hold: each arrives as one word, and none is run. */
export const commandText = (...words: ReadonlyArray<unknown>): string =>
  words.map((word) => shellWord(visible(String(word)))).join(" ")
