import * as Effect from "effect/Effect"
import { currentMoment, type Moment } from "../../elapsed.ts"
import type { GpuError } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { MachineRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import type { Listing } from "../../model/listing.ts"
import { isNews, type Observed, type Reading, recordOf, type Span, showsAgain, viewOf } from "./admit.ts"
import { asLaunched } from "./as-launched.ts"
import { assemble, unseenOf } from "./assemble.ts"
import { noteBilling } from "./billing.ts"
import { ofKind, withProblems } from "./listed.ts"
import { MachinesAlone } from "./machines-alone.ts"
import { sinceLaunch } from "./since.ts"

type Known = ReadonlyMap<string, MachineRecord>

const rowOf = <P extends string, K extends Kind, N>(
  { definition, fresh }: Reading<P, K, N>,
  native: N,
  known: Known,
  moment: Moment
): Observed<P, K, N> => {
  const facts = definition.describe(native)
  const machine = known.get(facts.id)
  const intent = fresh.standing(facts.id, machine?.intent ?? null, native, moment)
  const verdict = definition.verdictOf(native, { intent, now: moment.wall })
  const instance = assemble(definition, facts, verdict, viewOf(definition, "list"), moment.wall)
  return { native, instance: asLaunched(instance, machine) }
}

/** Freshly launched machines that no list shows yet. */
const hidden = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { definition, fresh }: Reading<P, K, N>,
  shown: ReadonlySet<string>,
  known: Known,
  moment: Moment
) {
  const instances: Instance<P, K>[] = []
  for (const [id, machine] of known) {
    if (shown.has(id) || machine.goneAt !== null || machine.intent?.action !== "launch") continue
    const record = yield* recordOf(definition, id)
    if (fresh.isFresh(machine, record, moment, true)) instances.push(unseenOf(definition, id, record, moment.wall))
  }
  return instances
})

/** Notes what a list shows and the ledger does not know: machines that are back after their end, and new ones. */
const noteShown = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { definition }: Reading<P, K, N>,
  rows: ReadonlyArray<Observed<P, K, N>>,
  known: Known,
  { began, moment }: Span
) {
  const ledger = yield* CurrentLedger
  // An end that was noted since the answer is not ahead of the wall clock.
  const { wall } = yield* currentMoment
  for (const row of rows) {
    const { ref } = row.instance
    const again = showsAgain(definition, known.get(ref.id), row, [began, wall], "list")
    if (again !== null) yield* Effect.ignore(ledger.seen([ref], again))
  }
  const strangers = rows.map(({ instance }) => instance.ref).filter(({ id }) => isNews(definition, known.get(id)))
  if (strangers.length > 0) yield* Effect.ignore(ledger.seen(strangers, moment.wall, definition.account?.known()))
})

/** Every machine, with what the ledger knows of each; freshly launched ones that no list shows yet are added. */
export const listWith = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Reading<P, K, N>
): Effect.fn.Return<Listing<Instance<P, K>>, GpuError> {
  const { definition } = on
  const everything = yield* definition.readAll()
  const moment = yield* currentMoment
  if (definition.learnKinds) yield* definition.learnKinds(everything)
  const ledger = yield* CurrentLedger
  const known = yield* ledger.machines(definition.provider, definition.kind)
  const machines = everything.with(yield* ofKind(definition, everything.items, known))
  const listing = definition.besides && !(yield* MachinesAlone) ? yield* definition.besides(machines, "list") : machines
  const rows = listing.items.map((native) => rowOf(on, native, known, moment))
  const shown = new Set(rows.map(({ instance }) => instance.ref.id))
  yield* noteShown(on, rows, known, { began: listing.observedAt.epochMilliseconds, moment })
  const dated = yield* Effect.forEach(rows, ({ instance }) => sinceLaunch(instance))
  yield* noteBilling(
    dated.map((instance) => [instance, known.get(instance.ref.id)]),
    moment.wall
  )
  const unseen = yield* hidden(on, shown, known, moment)
  return withProblems(listing, [...dated, ...unseen])
})
