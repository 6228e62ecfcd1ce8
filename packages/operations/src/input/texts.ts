/** Texts that commas part too. */
export const textsIn = (given: ReadonlyArray<string>): ReadonlyArray<string> =>
  given
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "")
