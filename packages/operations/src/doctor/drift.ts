import type { Vocabulary } from "@anygpu/clouds"
import { visible } from "anygpu"
import type { Drift } from "./check.ts"
import type { Exchange } from "./recorder.ts"
import { textsAt, unknownFields } from "./unknown-fields.ts"

const isKnownWord = (words: ReadonlyArray<string | boolean | null>, word: string): boolean =>
  word.trim() === "" || words.some((known) => String(known).toLowerCase() === word.trim().toLowerCase())

const requestOf = ({ method, path }: Exchange): string =>
  // Whatever is in the place of an id would make every machine a finding of its own.
  `${method} ${path.replaceAll(/\/(\d+|0x[0-9a-f]+|[0-9a-f-]{36})(?=\/|$)/gi, "/{id}")}`

/**
 * The fields and words in a cloud's answers that its adapter does not know, each once.
 *
 * - Of a new field only its name is shown, since anything may stand in it.
 */
export const driftIn = (
  provider: string,
  exchanges: ReadonlyArray<Exchange>,
  vocabulary: ReadonlyArray<Vocabulary>
): ReadonlyArray<Drift> => {
  const all = exchanges.flatMap((exchange): ReadonlyArray<Drift> => {
    const known = vocabulary.find(({ method = "GET", path }) => method === exchange.method && path.test(exchange.path))
    if (!known || exchange.json === undefined) return []
    const request = requestOf(exchange)
    const unused = known.unused.split(/\s+/)
    const fields = unknownFields(known.schema, exchange.json)
      .filter((path) => !unused.includes(path.slice(path.lastIndexOf(".") + 1).replaceAll("[]", "")))
      .map((path) => ({ provider, request, path: visible(path), value: null }))
    const words = Object.entries(known.words ?? {}).flatMap(([path, words]) =>
      textsAt(exchange.json, path)
        .filter((word) => !isKnownWord(words, word))
        .map((word) => ({ provider, request, path, value: visible(word) }))
    )
    return [...fields, ...words]
  })
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}
