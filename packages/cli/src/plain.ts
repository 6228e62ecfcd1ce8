import { stripVTControlCharacters } from "node:util"

/** A text of a cloud in one line: without what would move the cursor or colour the terminal. */
export const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point
  stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ")
