/** A world as it was at earlier moments, for answers that are out of date. */
export interface Past<World> {
  /** Begins to keep what it takes; before that, nothing costs anything. */
  begin(): void
  /** Keeps the world after something was asked of it that may have changed it. */
  keep(): void
  /** The world as it was at a moment, or at the first one that was kept. */
  at(moment: number): World
  /** Another world, the same as this one now. */
  copy(): World
}

/** What a past needs to know of its world. */
export interface Keeping<World> {
  now(): number
  store(): string
  restore(stored: string): World
  settle(world: World, at: number): void
}

/** So much of the past is kept, in milliseconds. */
const memory = 3_600_000

/** Keeps the past of a world: one copy for each write, from which the moments after it follow by themselves. */
export const createPast = <World>({ now, store, restore, settle }: Keeping<World>): Past<World> => {
  const kept: { readonly at: number; readonly stored: string }[] = []
  const keep = () => {
    kept.push({ at: now(), stored: store() })
    while ((kept[1]?.at ?? Number.POSITIVE_INFINITY) < now() - memory) kept.shift()
  }
  return {
    copy: () => restore(store()),
    begin: () => {
      if (kept.length === 0) keep()
    },
    keep: () => {
      if (kept.length > 0) keep()
    },
    at: (moment) => {
      const found = kept.findLast(({ at }) => at <= moment) ?? kept[0]
      const world = restore(found?.stored ?? store())
      settle(world, Math.max(moment, found?.at ?? now()))
      return world
    }
  }
}
