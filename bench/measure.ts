/** The middle one. */
export const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** Two ways of doing one thing, and how long each took. */
export interface Comparison {
  /** Milliseconds: the median of all rounds. */
  readonly ours: number
  readonly theirs: number
  readonly ratio: number
  /** The ratio of the fastest rounds: what is left when nobody else uses the machine. */
  readonly best: number
  /** Milliseconds of the fastest rounds. */
  readonly fastest: { readonly ours: number; readonly theirs: number }
}

/** Times two ways in turns, so that whatever slows the machine down slows both; the first turns are not counted. */
export const compare = async (
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  { rounds, warmUps }: { readonly rounds: number; readonly warmUps: number }
): Promise<Comparison> => {
  const times = { ours: [] as number[], theirs: [] as number[] }
  for (let round = -warmUps; round < rounds; round++) {
    const oursFirst = round % 2 === 0
    const before = oursFirst ? await timed(ours) : undefined
    const between = await timed(theirs)
    const time = before ?? (await timed(ours))
    if (round < 0) continue
    times.ours.push(time)
    times.theirs.push(between)
  }
  const [a, b] = [median(times.ours), median(times.theirs)]
  const fastest = { ours: Math.min(...times.ours), theirs: Math.min(...times.theirs) }
  return { ours: a, theirs: b, ratio: a / b, best: fastest.ours / fastest.theirs, fastest }
}

/** `12.3 ms`. */
export const inMillis = (value: number): string => `${value.toFixed(1)} ms`
