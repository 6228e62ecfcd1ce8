import {
  addMoney,
  compareAtPar,
  formatMoney,
  type GpuError,
  type InstanceRef,
  leavesSomething,
  type Money,
  OutOfFunds,
  type Recovery,
  subtractMoney,
  zero
} from "@anygpu/core"

/** The most that one client may spend, whatever is launched through it and however many launches run at once. */
export interface SpendLimit {
  /** What all machines that were launched through this client, and not ended through it, may cost per hour together. */
  readonly perHour?: Money
  /** What all launches through this client may cost together: for machines with a job, the whole job. */
  readonly total?: Money
}

/** What one launch is held to cost. */
export interface Commitment {
  readonly perHour: Money | null
  readonly total: Money | null
}

/** Money set aside for a launch, before its request leaves. */
export interface Reservation {
  /** What its machine may cost per hour at most, beside everything that is held for others; null without a limit. */
  readonly most: Money | null
  /** The launch made this machine; one that turned out dearer counts at its own price from now on. */
  readonly made: (ref: InstanceRef, price: Money | null) => void
  /** The launch failed: nothing is held for it any more, unless the errors tell of something that may cost money. */
  readonly failed: (errors: ReadonlyArray<GpuError>) => void
}

/** Keeps a client within its {@link SpendLimit}: in its memory, and in no time, so that concurrent launches cannot pass it. */
export interface Spending {
  /** Sets money aside; `OutOfFunds` (with `ownLimit`) when the limit would be passed. Nothing is reserved then. */
  readonly reserve: (commitment: Commitment) => Reservation | OutOfFunds
  /** A machine is verified gone: it costs nothing per hour any more. What it was held to cost in total stays spent. */
  readonly ended: (ref: InstanceRef) => void
  /** What became of launches whose outcome was not known. */
  readonly settled: (recovery: Pick<Recovery, "adopted" | "absent">) => void
}

/** What is held for a launch, and what of it is known: its machine, or the marker by which that is looked for. */
type Held = { perHour: Money | null; readonly total: Money | null; ref: string | null; marker: string | null }

/** Both dollar currencies count one for one, as for every limit. */
const sumOf = (amounts: ReadonlyArray<Money | null>, limit: Money): Money =>
  amounts.reduce<Money>(
    (sum, amount) => (amount ? addMoney(sum, { ...amount, currency: limit.currency }) : sum),
    zero(limit.currency)
  )

/** An account of what is held, without a limit when none is given. */
export const spendingWithin = (limit: SpendLimit = {}): Spending => {
  const held = new Set<Held>()
  const passes = (name: "perHour" | "total", wanted: Money | null): OutOfFunds | null => {
    const most = limit[name]
    if (!most) return null
    if (wanted === null) {
      const message = `the client's spend limit (${name}) cannot be kept: what this launch costs is not known; nothing was sent`
      return new OutOfFunds({ message, retry: "permanent", available: most, ownLimit: true })
    }
    const needed = sumOf([...Array.from(held, (one) => one[name]), wanted], most)
    if (compareAtPar(needed, most) <= 0) return null
    const what = name === "perHour" ? " per hour" : " in total"
    return new OutOfFunds({
      message:
        `this launch would bring what the client spends to ${formatMoney(needed)}${what}, above its limit of ` +
        `${formatMoney(most)}; nothing was sent`,
      retry: "permanent",
      needed,
      available: most,
      ownLimit: true
    })
  }
  return {
    reserve: ({ perHour, total }) => {
      const refused = passes("perHour", perHour) ?? passes("total", total)
      if (refused) return refused
      const others = Array.from(held, (other) => other.perHour)
      const one: Held = { perHour, total, ref: null, marker: null }
      held.add(one)
      const made = (ref: InstanceRef, price: Money | null): void => {
        // The same key asked twice: its machine is paid for once.
        if (Array.from(held).some((other) => other.ref === String(ref))) return void held.delete(one)
        one.ref = String(ref)
        if (price && one.perHour && compareAtPar(price, one.perHour) > 0) one.perHour = price
      }
      return {
        most: limit.perHour ? subtractMoney(limit.perHour, sumOf(others, limit.perHour)) : null,
        made,
        failed: (errors) => {
          const left = errors.filter(leavesSomething)
          const [ref] = left.flatMap(({ leftovers = [] }) => leftovers)
          if (left.length === 0) held.delete(one)
          else if (ref) made(ref, null)
          else one.marker = left.find((error) => error._tag === "LaunchUnsettled")?.marker ?? null
        }
      }
    },
    ended: (ref) => {
      for (const one of held) if (one.ref === String(ref)) one.perHour = null
    },
    settled: ({ adopted, absent }) => {
      for (const one of held) {
        if (one.marker === null) continue
        const machine = adopted.find(({ marker }) => marker === one.marker)
        if (machine) one.ref = String(machine.ref)
        else if (absent.some(({ marker }) => marker === one.marker)) held.delete(one)
      }
    }
  }
}
