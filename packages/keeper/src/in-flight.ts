/** Work that is under way in this process, no more than so much of it at once. */
export interface InFlight {
  /** For how much more there is room. */
  readonly room: () => number
  readonly add: (work: Promise<unknown>) => void
  /** Resolves when some of it is over; at once when there is none. */
  readonly some: () => Promise<unknown>
  readonly all: () => Promise<unknown>
}

/** Counts what is under way. */
export const inFlightUpTo = (most: number): InFlight => {
  const under = new Set<Promise<unknown>>()
  return {
    room: () => most - under.size,
    add: (work) => {
      const one: Promise<unknown> = work.catch(() => {}).finally(() => under.delete(one))
      under.add(one)
    },
    some: () => (under.size === 0 ? Promise.resolve() : Promise.race(under)),
    all: () => Promise.all(under)
  }
}
