import fc from "fast-check"

/**
 * A secret and what it is known by.
 *
 * - `cores` are its first and last letters: sixteen that stand in nothing else, so that half a secret is found too.
 */
export interface Planted {
  readonly text: string
  readonly cores: ReadonlyArray<string>
}

const five = fc.noBias(fc.integer({ min: 0, max: 36 ** 5 - 1 })).map((number) => number.toString(36).padStart(5, "0"))

/** Sixteen letters and digits by chance alone: no word of any program. */
const core = fc.tuple(five, five, five).map(([a, b, c]) => `z${a}7${b}${c.slice(1)}`)

/** What secrets are made of besides letters: quotes, backslashes, signs of expressions, URLs and base64, other scripts. */
const signs = ['"', "'", "`", "\\", "/", "$", "^", ".", "*", "+", "?", "(", "[", "{", "|", "<", ">", "&", "%", "="]
const strange = [
  ...signs,
  "%20",
  "%2F",
  "+/=",
  "$&",
  "\\n",
  "\\u0041",
  "&amp;",
  "==",
  ";",
  ":",
  "#",
  "@",
  "~",
  ",",
  "!"
]
const foreign = ["é", "ß", "日本", "🔑", "\u0000", "\u2028", "\u00ad"]
const spaces = [" ", "  ", "\n", "\r\n", "\t"]

const made = (garnish: ReadonlyArray<string>): fc.Arbitrary<Planted> => {
  const between = fc.array(fc.oneof(fc.constantFrom(...garnish), core), { maxLength: 6 })
  const long = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ max: 1500 }) })
  return fc
    .tuple(core, between, fc.nat(), long, core, fc.boolean())
    .map(([first, middle, _, length, last, isPlain]) => ({
      text: isPlain ? first : first + middle.join("") + "p".repeat(Math.max(0, length)) + last,
      cores: isPlain ? [first] : [first, last]
    }))
}

/** As a header takes it. */
const sendable = made([...strange, " "])
/** Without spaces. */
const unspaced = made([...strange, "é", "日本", "🔑"])
const any = made([...strange, ...foreign, ...spaces])

/** A secret that begins as another one does. */
const longer = (shorter: Planted) =>
  core.map((more): Planted => ({ text: `${shorter.text}${more}`, cores: [...shorter.cores, more] }))

/** Everything secret that a user of the three clouds hands over. */
export const secrets = any.chain((variable) =>
  fc.record({
    ...{ vastKey: sendable, fluenceKey: sendable, huddleKey: sendable },
    ...{ variable: fc.constant(variable), longer: longer(variable), changed: any },
    ...{ password: unspaced, otherPassword: unspaced, script: any, argument: any, otherArgument: any, hook: any }
  })
)

export type Secrets = typeof secrets extends fc.Arbitrary<infer S> ? S : never

/** The letters of `core` alone in base64, wherever it begins in what was encoded. */
const inBase64 = (core: string): ReadonlyArray<string> =>
  [0, 1, 2].map((offset) => {
    const form = Buffer.from("\0".repeat(offset) + core).toString("base64url")
    return form.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + core.length) * 8) / 6))
  })

/** Any of these in an output is a leak: half of either end of a secret, as it is or in base64 or in hex. */
const tracesOf = ({ cores }: Planted): ReadonlyArray<string> =>
  cores.flatMap((one) => [
    ...[0, 4, 8].map((from) => one.slice(from, from + 8)),
    ...inBase64(one),
    Buffer.from(one.slice(0, 8)).toString("hex")
  ])

/** Finds a secret in a text: its name, and where. */
export const finder = (planted: Secrets) => {
  const traces = Object.entries(planted).flatMap(([name, one]) => tracesOf(one).map((trace) => [name, trace] as const))
  return (text: string): string | null => {
    const found = traces.find(([, trace]) => text.includes(trace))
    if (!found) return null
    const at = text.indexOf(found[1])
    return `${found[0]} (${found[1]}) in ${JSON.stringify(text.slice(Math.max(0, at - 150), at + 60))}`
  }
}
