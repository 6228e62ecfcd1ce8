/** Numbers from 0 to 1 that are the same in every run. */
export const randomOf = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One of several. */
export const pick = <Item>(random: () => number, all: readonly [Item, ...Item[]]): Item =>
  all[Math.floor(random() * all.length)] ?? all[0]
