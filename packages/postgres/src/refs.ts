import type { InstanceRef } from "@anygpu/core"
import { escaped } from "./values.ts"

/** The condition that a row is of one of some machines: their {@link refValues} are the values from number `first` on. */
export const isOneOf = (first: number): string =>
  `(provider, kind, id) IN (SELECT * FROM unnest($${first}::text[], $${first + 1}::text[], $${first + 2}::text[]))`

/** Machines as the values of {@link isOneOf}. */
export const refValues = (refs: ReadonlyArray<InstanceRef>): ReadonlyArray<ReadonlyArray<string>> => [
  refs.map(({ provider }) => escaped(provider)),
  refs.map(({ kind }) => kind),
  refs.map(({ id }) => escaped(id))
]
