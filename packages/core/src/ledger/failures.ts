/** How often machines of one host failed lately. */
export interface Failure {
  /** The host's name, or the offer's where its host is not known. */
  readonly host: string
  /** How many failures it comes to at `at`, older ones counting less. */
  readonly count: number
  /** Epoch milliseconds of the last one. */
  readonly at: number
}

/** How fast a failure is forgotten: after this many milliseconds it counts half. */
const halfLife = 30 * 60_000

/** Failures that count less than this are forgotten. */
const forgotten = 0.01

/** So many hosts are remembered at most: the latest. */
const mostHosts = 1000

/** How many failures a host still counts for at a moment; 0 when they are forgotten. */
export const failuresAt = ({ count, at }: Failure, now: number): number => {
  const left = count * 0.5 ** (Math.max(0, now - at) / halfLife)
  return left < forgotten ? 0 : left
}

/** What is remembered after one more failure: the others as they were, without those that count for nothing any more. */
export const withFailure = (all: ReadonlyArray<Failure>, host: string, at: number): ReadonlyArray<Failure> => {
  const before = all.find((one) => one.host === host)
  const others = all.filter((one) => one.host !== host && failuresAt(one, at) > 0)
  const latest = Math.max(at, before?.at ?? at)
  const failure = { host, count: (before ? failuresAt(before, latest) : 0) + 1, at: latest }
  return [...others, failure].sort((a, b) => a.at - b.at || (a.host < b.host ? -1 : 1)).slice(-mostHosts)
}
