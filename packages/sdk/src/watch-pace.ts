/** How a provider is looked at; all in milliseconds. */
export interface Pace {
  /** From the beginning of one look to the next while something is under way. */
  readonly every: number
  /** The same when nothing changes; at least `every`. */
  readonly idle: number
  /**
   * Looks begin at whole multiples of `every` after this moment, so that the kinds of one cloud are looked at together
   * and share what they share on the wire.
   */
  readonly origin: number
}

/** From one look to the next after `calm` looks in a row without news: twice as long each time, up to the idle time. */
export const intervalAfter = ({ every, idle }: Pace, calm: number): number => Math.min(idle, every * 2 ** calm)

/**
 * When the next look begins, in epoch milliseconds.
 *
 * - Never before `notBefore`, which the cloud asked for.
 * - Looks that take long are kept apart by half of `every`: other calls want their turn too.
 */
export const nextLook = (
  { every, origin }: Pace,
  look: { readonly begun: number; readonly ended: number; readonly interval: number; readonly notBefore: number }
): number => {
  const earliest = Math.max(look.begun + look.interval, look.ended + every / 2, look.notBefore)
  return origin + Math.ceil((earliest - origin) / every) * every
}
