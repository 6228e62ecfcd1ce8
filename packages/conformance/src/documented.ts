import type { OfferFilter } from "@anygpu/core"

/** What a word of a document means in the common model, or why nobody can know it. */
export type Meaning = string | { readonly unknown: string }

/** What a documented amount is the price of: an hour of the machine, a unit of disk for a month, an hour of a whole volume. */
export type PriceOf = "hour" | "disk" | "volume"

/** Words of a document that say one thing, as the cloud writes them, and what they mean. */
export interface DocumentedWords {
  readonly says: "gpu" | "place" | "price"
  /** The words, for people: `gpu_1x_a10`. */
  readonly words: string
  /**
   * The name in core's table of GPUs, the code of the country, or the amount as `formatMoney` writes it.
   */
  readonly means: Meaning
  /** What a price is of; of a GPU and of a place always an hour. */
  readonly of: PriceOf
  /** What offers are asked for, where a search without a filter does not show these words. */
  readonly filter: OfferFilter
  /** What each route of the cloud answers when its account sees one thing with these words: `GET /path`. */
  readonly answers: Readonly<Record<string, unknown>>
}

/** Every word of a cloud's documents that names a GPU, a place or a price. */
export interface DocumentedCloud {
  /** Where they stand: documents, contracts, published samples. */
  readonly sources: ReadonlyArray<string>
  readonly words: ReadonlyArray<DocumentedWords>
}

/** A row of words: those in which it differs from the usual ones, and what they mean. */
export type WordRow<W> = readonly [words: Partial<W>, means: Meaning, filter?: OfferFilter]

/** What the author of an adapter writes down; see {@link documentedCloud}. */
export interface DocumentedDefinition<W> {
  readonly sources: ReadonlyArray<string>
  /** The words of a sample, which a row changes. */
  readonly usual: W
  readonly gpus: ReadonlyArray<WordRow<W>>
  readonly places: ReadonlyArray<WordRow<W>>
  readonly prices: Readonly<Partial<Record<PriceOf, ReadonlyArray<WordRow<W>>>>>
  /** The answers of the cloud, in its own form, when it has one thing with these words. */
  readonly answers: (words: W) => Readonly<Record<string, unknown>>
}

const textOf = (words: object): string =>
  Object.values(words)
    .filter((word) => word !== null)
    .map((word) => (typeof word === "string" ? word : JSON.stringify(word)))
    .join(", ")

/**
 * The words of a cloud's documents, each with an answer in which the cloud would say it, so that one test reads all of them
 * with the cloud's own adapter.
 *
 * - Nothing of it is taken from the adapter: what it means is written down from the documents.
 */
export const documentedCloud = <W extends object>(definition: DocumentedDefinition<W>): DocumentedCloud => {
  const { sources, usual, gpus, places, prices, answers } = definition
  const rowsOf = (says: DocumentedWords["says"], of: PriceOf, rows: ReadonlyArray<WordRow<W>>) =>
    rows.map(
      ([words, means, filter = {}]): DocumentedWords => ({
        ...{ says, words: textOf(words), means, of, filter },
        answers: answers({ ...usual, ...words })
      })
    )
  const { hour = [], disk = [], volume = [] } = prices
  return {
    sources,
    words: [
      ...rowsOf("gpu", "hour", gpus),
      ...rowsOf("place", "hour", places),
      ...rowsOf("price", "hour", hour),
      ...rowsOf("price", "disk", disk),
      ...rowsOf("price", "volume", volume)
    ]
  }
}
