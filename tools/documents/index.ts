import { readEach } from "../clouds/read.ts"
import type { Row } from "./item.ts"

/** One of the five documents that the adapters began with, and everything that it states. */
export interface Document {
  readonly number: string
  readonly title: string
  readonly rows: ReadonlyArray<Row>
}

const read = await readEach<{ readonly documents: ReadonlyArray<Document> }>("documents")

/** The five documents, line by line. */
export const documents: ReadonlyArray<Document> = read
  .flatMap((cloud) => cloud.documents)
  .sort((a, b) => (a.number < b.number ? -1 : 1))
