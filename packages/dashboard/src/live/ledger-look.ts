import type { OperationContext } from "@anygpu/operations"
import { leasedJson, momentJson, spentSumJson } from "@anygpu/operations/encode"
import { errorJson } from "@anygpu/operations/failure"
import { type Costs, costsOf, type Enders, endersOf } from "@anygpu/operations/run"
import type { GpuClient, Instance, Ledger, SpendLimit } from "anygpu"
import type { Entry } from "../protocol/index.ts"
import { breathe } from "../timers.ts"
import { factsJson, type ReadMachines, readBudget, readKeepers, readLaunches, readMachines } from "./ledger-facts.ts"
import type { Sightings } from "./sightings.ts"
import type { LiveState } from "./state.ts"

/** From one look at the ledger to the next, and at what takes longer to read, in milliseconds. */
const [every, slowEvery] = [10_000, 30_000]

/** What looks at the ledger work with. */
export interface LedgerLook {
  readonly context: Omit<OperationContext, "signal">
  readonly spending: SpendLimit | null
  readonly state: LiveState
  readonly sightings: Sightings
  readonly monotonic: () => number
}

/** What machines had cost at a moment. */
interface KnownCosts {
  readonly costs: Costs
  readonly at: string
}

const day = 86_400_000

/** What was spent in the present day and month of UTC. */
const readSpent = async (gpu: GpuClient, now: number, signal: AbortSignal): Promise<Entry> => {
  const date = new Date(now)
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  const since = async (from: number) => spentSumJson((await gpu.spent({ from: new Date(from), signal })).total)
  return {
    ...{ key: "spent", is: "spent", at: date.toISOString() },
    ...{ today: await since(Math.floor(now / day) * day), month: await since(month) }
  }
}

/** What machines are shown by. */
interface Shown extends ReadMachines {
  /** Those that their clouds listed last. */
  readonly seen: ReadonlyMap<string, Instance>
  readonly enders: Enders
}

/** Reads what machines are shown by, but for what they have cost. */
const readShown = async ({ context, sightings }: LedgerLook, ledger: Ledger): Promise<Shown> => {
  const listed = sightings.all()
  const read = await readMachines(
    ledger,
    listed.map(({ ref }) => ref)
  )
  await breathe()
  const there = listed.filter(({ ref }) => !read.gone.has(String(ref)))
  const seen = new Map(there.map((machine) => [String(machine.ref), machine]))
  return { ...read, seen, enders: await endersOf(context, there) }
}

/** Each machine that is known, by what the ledger and its cloud say of it. */
const machineEntries = ({ known, seen, enders }: Shown, { costs, at }: KnownCosts): ReadonlyArray<Entry> => {
  const json = (ref: string, machine: Instance) =>
    leasedJson(machine, known.get(ref)?.launch.leaseUntil ?? null, enders.get(ref) ?? "nobody", costs.get(ref))
  return [...new Set([...known.keys(), ...seen.keys()])].map((ref) => {
    const [facts, machine, cost] = [known.get(ref), seen.get(ref), costs.get(ref)]
    return {
      ...{ key: `machine/${ref}`, is: "machine", ref },
      ledger: facts ? factsJson(facts) : null,
      machine: machine ? json(ref, machine) : null,
      ...{ cost: cost ? spentSumJson(cost) : null, costAt: at }
    }
  })
}

/**
 * One look at the ledger, and at the machines that the clouds listed last; answers in how many milliseconds the next one is
 * due. No cloud is asked.
 *
 * - `renew` lets the next look read everything: what was spent and the launches, which are otherwise read less often.
 */
export const lookAtLedger = (look: LedgerLook) => {
  const { context, spending, state, monotonic } = look
  let slowDueAt = Number.NEGATIVE_INFINITY
  let known: KnownCosts = { costs: new Map(), at: momentJson(context.now()) }
  let readAt: string | null = null

  const readSlow = async (ledger: Ledger, shown: Shown, signal: AbortSignal): Promise<void> => {
    slowDueAt = monotonic() + slowEvery
    const [gpu, now] = [await context.gpu(), context.now()]
    const all = new Map([...shown.known.values(), ...shown.seen.values()].map(({ ref }) => [String(ref), { ref }]))
    known = { costs: await costsOf(gpu, [...all.values()], signal), at: momentJson(now) }
    state.replace("machine", machineEntries(shown, known))
    await breathe()
    state.set([await readSpent(gpu, now, signal)])
    await breathe()
    state.replace("launch", await readLaunches(ledger))
  }

  const readAll = async (signal: AbortSignal): Promise<void> => {
    const ledger = await context.ledger()
    const shown = await readShown(look, ledger)
    await breathe()
    state.replace("machine", machineEntries(shown, known))
    state.replace("keeper", await readKeepers(ledger))
    if (spending) state.set([await readBudget(ledger, spending)])
    readAt = momentJson(context.now())
    state.set([{ key: "ledger", is: "ledger", state: "read", readAt, error: null }])
    await breathe()
    if (monotonic() >= slowDueAt) await readSlow(ledger, shown, signal)
  }

  return {
    renew: () => {
      slowDueAt = Number.NEGATIVE_INFINITY
    },
    look: async (signal: AbortSignal): Promise<number> => {
      try {
        await readAll(signal)
      } catch (error) {
        if (signal.aborted) return 0
        state.set([{ key: "ledger", is: "ledger", state: "failed", readAt, error: errorJson(error, false) }])
      }
      return every
    }
  }
}
