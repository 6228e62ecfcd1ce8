let first: Error | null = null

/** Says what is still to be written, and where, wherever it is run. This file goes with its last use. */
export const unwritten = (file: string, what: string): never => {
  const error = new Error(`to write: ${file}: ${what}`)
  first ??= error
  throw error
}

/** The same of an endpoint whose path is still to be written; nothing for every other path. */
export const refuseUnwrittenPath = (path: string): void => {
  if (path.startsWith("/unwritten/")) unwritten("src/endpoints.ts", `the route in place of ${path}`)
}

/** What was met first since the last call; for the tests, which say it in place of what came of it. */
export const takeUnwritten = (): Error | null => {
  const met = first
  first = null
  return met
}
