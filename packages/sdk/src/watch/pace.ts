/** How a provider is looked at; all in milliseconds. */
export interface Pace {
  /** From the beginning of one look to the next while something is under way. */
  readonly every: number
  /** The same when nothing changes; at least `every`. */
  readonly idle: number
  /** When the watch began: what looks are lined up with, see {@link nextLook}. */
  readonly origin: number
}

/** From one look to the next after `calm` looks in a row without news: twice as long each time, up to the idle time. */
export const intervalAfter = ({ every, idle }: Pace, calm: number): number => Math.min(idle, every * 2 ** calm)

/**
 * When the next look begins, in milliseconds of the monotonic clock, as all moments here: `interval` after the last one began, or somewhat sooner.
 *
 * - Looks begin at whole multiples of their interval, so that the kinds of one cloud are looked at together and share
 *   on the wire what they have in common, however differently they change.
 * - Never before `notBefore`, which the cloud asked for, and not sooner than `every`.
 * - Looks that take long are kept apart by half of `every`: other calls want their turn too.
 */
export const nextLook = (
  { every, origin }: Pace,
  look: { readonly begun: number; readonly ended: number; readonly interval: number; readonly notBefore: number }
): number => {
  const wanted = origin + Math.floor((look.begun + look.interval - origin) / look.interval) * look.interval
  const soonest = Math.max(look.begun + every, look.ended + every / 2, look.notBefore)
  return wanted >= soonest ? wanted : origin + Math.ceil((soonest - origin) / every) * every
}
