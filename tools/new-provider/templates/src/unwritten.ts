let first: Error | null = null

/** Says what is still to be written, wherever it is run. This file goes with its last use. */
export const unwritten = (what: string): never => {
  const error = new Error(`to write: ${what}`)
  first ??= error
  throw error
}

/** What was met first since the last call; for the tests, which say it in place of what came of it. */
export const takeUnwritten = (): Error | null => {
  const met = first
  first = null
  return met
}
