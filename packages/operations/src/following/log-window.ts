/** The last lines of a log, as one look showed them. */
export interface LogWindow {
  readonly lines: ReadonlyArray<string>
  /** Whether it is the whole log: the cloud had no more lines than it was asked for. */
  readonly whole: boolean
}

/** What a look showed beyond the one before. */
export interface Fresh {
  readonly lines: ReadonlyArray<string>
  /** Whether they are exactly those that came since; otherwise some may be missing, or be there twice. */
  readonly sure: boolean
}

/** A look and what it showed beyond the one before. */
export interface Look extends Fresh {
  readonly now: LogWindow
}

/** Whether the first `size` lines of one list are those of another one from `start` on. */
const agree = (
  a: ReadonlyArray<string>,
  from: number,
  b: ReadonlyArray<string>,
  start: number,
  size: number
): boolean => {
  for (let index = 0; index < size; index++) if (a[from + index] !== b[start + index]) return false
  return true
}

/**
 * What is new in a window, by where it overlaps with the one before.
 *
 * - Two whole logs, of which one continues the other, leave no doubt, whatever lines repeat.
 * - Otherwise the end of the earlier window is looked for in the later one. It is only sure when it fits at one place, and
 *   at least half of the smaller window overlaps: a few equal lines may be chance, and it is not known how
 *   often a log repeated itself. When it fits at several places, the fewest lines are taken for new.
 * - That holds as long as fewer lines come between two looks than a window has. A log that started again with the very
 *   lines it had before is taken for going on.
 */
export const freshIn = (before: LogWindow, now: LogWindow): Fresh => {
  const [old, next] = [before.lines, now.lines]
  if (before.whole && now.whole && next.length >= old.length && agree(next, 0, old, 0, old.length)) {
    return { lines: next.slice(old.length), sure: true }
  }
  // A window that follows a whole log begins in it or after it, never before.
  const fewest = before.whole ? Math.max(0, next.length - old.length) : 0
  const fits: number[] = []
  for (let fresh = fewest; fresh < next.length; fresh++) {
    const shared = Math.min(next.length - fresh, old.length)
    if (shared === 0) break
    const isAt = agree(next, next.length - fresh - shared, old, old.length - shared, shared)
    if (isAt) fits.push(fresh)
    if (fits.length === 2) break
  }
  const [fresh, another] = fits
  if (fresh === undefined) return { lines: next, sure: false }
  const shared = Math.min(next.length - fresh, old.length)
  const sure = another === undefined && shared * 2 >= Math.min(old.length, next.length)
  return { lines: fresh === 0 ? [] : next.slice(-fresh), sure }
}
