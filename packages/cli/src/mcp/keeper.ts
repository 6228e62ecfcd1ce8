import type { InstanceRef } from "anygpu"
import type { Context } from "../context.ts"

/** A machine of this session, and until when it is rented: as soon as either clock has reached it. */
export interface Rented {
  readonly ref: InstanceRef
  /** Epoch milliseconds. */
  readonly until: number
  /** The same moment in milliseconds of the monotonic clock: the wall clock set back does not make it later. */
  readonly due: number
}

/** Ends the machines of this session when the time is over for which they were rented. */
export interface Keeper {
  /** Whether this session launched a machine, and has not seen it end. */
  readonly has: (ref: InstanceRef | string) => boolean
  /** A machine was launched. */
  readonly keep: (rented: Rented) => void
  /** It was ended before its time. */
  readonly forget: (ref: InstanceRef | string) => void
  /** What is still rented. */
  readonly rented: () => ReadonlyArray<Rented>
  /** Ends what is due; what could not be ended is due again at the next call. A call during another one waits for that. */
  readonly endDue: () => Promise<void>
}

/** A keeper; `warn` hears of a machine that could not be ended yet. */
export const makeKeeper = (
  terminate: (ref: InstanceRef) => Promise<unknown>,
  { now, monotonic, warn }: Pick<Context, "now" | "monotonic"> & { readonly warn: (text: string) => void }
): Keeper => {
  const kept = new Map<string, Rented>()
  let underWay: Promise<void> | undefined
  const end = async ({ ref }: Rented): Promise<void> => {
    try {
      await terminate(ref)
      kept.delete(String(ref))
    } catch (error) {
      warn(`${ref} should have ended and has not: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return {
    has: (ref) => kept.has(String(ref)),
    keep: (rented) => {
      // The same key asked twice: the machine is rented until the end of the first call's time.
      if (!kept.has(String(rented.ref))) kept.set(String(rented.ref), rented)
    },
    forget: (ref) => {
      kept.delete(String(ref))
    },
    rented: () => [...kept.values()],
    endDue: () => {
      const isOver = ({ until, due }: Rented) => until <= now() || due <= monotonic()
      underWay ??= Promise.all([...kept.values()].filter(isOver).map(end)).then(() => {
        underWay = undefined
      })
      return underWay
    }
  }
}
