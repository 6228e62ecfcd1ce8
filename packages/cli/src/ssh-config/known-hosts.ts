/** What is known of the host key of a machine, under the name that ssh keeps it by. */
export interface Pin {
  readonly name: string
  /** As the ledger has it; null where it has none. */
  readonly key: string | null
  /** Whether the machine may have made new keys since ssh wrote down the one that it was shown. */
  readonly isStale: boolean
}

/** What ends a line of ours: such a line follows the ledger, others are what ssh has taken by itself. */
const mark = "anygpu"

const partsOf = (line: string): ReadonlyArray<string> => line.trim().split(/\s+/)
const isOurs = (line: string): boolean => partsOf(line).length > 3 && partsOf(line).at(-1) === mark

const linesOf = (text: string): ReadonlyArray<string> => text.split(/\r?\n/).filter((line) => line !== "")

/** The key that ssh has taken by itself for a name; null where it is missing. */
export const takenIn = (text: string, name: string): string | null => {
  const line = linesOf(text).find((one) => partsOf(one)[0] === name && !isOurs(one))
  const [, type, body] = line === undefined ? [] : partsOf(line)
  return type === undefined || body === undefined ? null : `${type} ${body}`
}

/**
 * The text of a file of host keys as the ledger has them, and without those of machines that are gone.
 *
 * - Where the ledger knows none, a key that came from it falls away; one that ssh has taken itself stays until it is stale.
 */
export const withPins = (text: string, pins: ReadonlyArray<Pin>, isGone: (name: string) => boolean): string => {
  const byName = new Map(pins.map((pin) => [pin.name, pin]))
  const kept = linesOf(text).filter((line) => {
    const [name = ""] = partsOf(line)
    const pin = byName.get(name)
    return !isGone(name) && (pin === undefined || (pin.key === null && !pin.isStale && !isOurs(line)))
  })
  const own = pins.flatMap(({ name, key }) => (key === null ? [] : [`${name} ${key} ${mark}`]))
  return [...kept, ...own].map((line) => `${line}\n`).join("")
}
