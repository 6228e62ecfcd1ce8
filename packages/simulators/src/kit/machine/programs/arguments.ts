/** What a program was called with: letters with or without a value, long options, and the rest. */
export interface Arguments {
  readonly has: (...names: ReadonlyArray<string>) => boolean
  readonly value: (...names: ReadonlyArray<string>) => string | undefined
  readonly values: (...names: ReadonlyArray<string>) => ReadonlyArray<string>
  readonly rest: ReadonlyArray<string>
}

/**
 * Reads arguments. `withValue` are the options that take one: letters, and long names without their dashes.
 *
 * - Options may come after other words, unless `--` came.
 */
export const argumentsIn = (argv: ReadonlyArray<string>, withValue: ReadonlyArray<string> = []): Arguments => {
  const found: Array<readonly [string, string]> = []
  const rest: string[] = []
  const words = argv.slice(1)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      rest.push(...words.splice(0))
    } else if (word.startsWith("--")) {
      const [name = "", ...value] = word.slice(2).split("=")
      if (value.length > 0) found.push([name, value.join("=")])
      else found.push([name, withValue.includes(name) ? (words.shift() ?? "") : ""])
    } else if (/^-[^\d-]/.test(word) || (/^-\d/.test(word) && withValue.includes("#"))) {
      for (let at = 1; at < word.length; at++) {
        const letter = word[at] ?? ""
        if (/\d/.test(letter)) {
          found.push(["#", word.slice(at)])
          break
        }
        if (!withValue.includes(letter)) {
          found.push([letter, ""])
          continue
        }
        const attached = word.slice(at + 1)
        found.push([letter, attached !== "" ? attached : (words.shift() ?? "")])
        break
      }
    } else rest.push(word)
  }
  const valuesOf = (names: ReadonlyArray<string>) =>
    found.filter(([name]) => names.includes(name)).map(([, value]) => value)
  return {
    has: (...names) => found.some(([name]) => names.includes(name)),
    value: (...names) => valuesOf(names).at(-1),
    values: (...names) => valuesOf(names),
    rest
  }
}
