/** A host key under the name of its machine; null where none is known. */
export interface Pin {
  readonly name: string
  readonly key: string | null
}

/**
 * The text of a file of host keys with those that the ledger knows, and without those of machines that are gone.
 *
 * - Where the ledger knows none, the one that ssh has taken itself stays.
 */
export const withPins = (text: string, pins: ReadonlyArray<Pin>, isGone: (name: string) => boolean): string => {
  const known = new Map(pins.flatMap(({ name, key }) => (key === null ? [] : [[name, key] as const])))
  const kept = text.split(/\r?\n/).filter((line) => {
    const [name = ""] = line.split(" ")
    return line !== "" && !isGone(name) && !known.has(name)
  })
  const lines = [...kept, ...Array.from(known, ([name, key]) => `${name} ${key}`)]
  return lines.map((line) => `${line}\n`).join("")
}
