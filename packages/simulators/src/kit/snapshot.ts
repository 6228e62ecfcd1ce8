interface StoredUnits {
  readonly $units: string
}

const isStoredUnits = (value: unknown): value is StoredUnits =>
  typeof value === "object" && value !== null && "$units" in value && typeof value.$units === "string"

/** Writes plain data with money in it (bigints) as JSON. */
export const toSnapshot = (state: unknown): string =>
  JSON.stringify(state, (_, value: unknown) => (typeof value === "bigint" ? { $units: value.toString() } : value))

/** Reads what `toSnapshot` wrote. The caller says of what shape it is: a snapshot is trusted, as it was written here. */
export const fromSnapshot = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => (isStoredUnits(value) ? BigInt(value.$units) : value))
