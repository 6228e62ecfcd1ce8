import { InstanceRef, isGpuError, type Ledger, memoryLedger, type PriceLook, type Reservation } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { check, fail, same } from "../check.ts"
import type { Operation } from "./call.ts"
import type { LedgerStore, LedgerTest, OpenedLedger } from "./ledger-under-test.ts"
import { everything, launchRecord, operationsOf } from "./operation.ts"
import { newOrder } from "./orders.ts"
import { chanceOf } from "./random.ts"
import { runRecord } from "./values.ts"

const longest = 70

/** Makes of an answer what two equal ones have in common: fields in one order, and none that is undefined. */
const plain = (value: unknown): unknown => {
  if (isGpuError(value)) return { error: value._tag, message: value.message, retry: value.retry }
  if (value instanceof InstanceRef) return String(value)
  if (value instanceof Map) return plain(Object.fromEntries(value))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, plain(field)]))
}

const answerOf = async (operation: Operation, ledger: Ledger): Promise<string> => {
  const result = await Effect.runPromise(Effect.result(operation.apply(ledger)))
  return JSON.stringify(plain(Result.isSuccess(result) ? result.success : result.failure)) ?? "nothing"
}

const withStore = async <A>(store: LedgerStore, use: (opened: OpenedLedger) => Promise<A>): Promise<A> => {
  const opened = await store.open()
  try {
    return await use(opened)
  } finally {
    await opened.close?.()
  }
}

interface Difference {
  readonly at: number
  readonly expected: string
  readonly got: string
}

/** The first call to which a store answers otherwise than the ledger in memory; null when all agree. */
const differenceIn = (store: LedgerStore, operations: ReadonlyArray<Operation>, isShared: boolean) =>
  withStore(store, async ({ ledger, again }): Promise<Difference | null> => {
    const reference = memoryLedger()
    const other = isShared ? await again?.() : undefined
    for (const [at, operation] of [...operations, ...everything].entries()) {
      const expected = await answerOf(operation, reference)
      const got = await answerOf(operation, other !== undefined && at % 2 === 1 ? other : ledger)
      if (got !== expected) return { at, expected, got }
    }
    return null
  })

/** Leaves out each call without which the store still differs. */
const shortened = async (
  operations: ReadonlyArray<Operation>,
  differs: (fewer: ReadonlyArray<Operation>) => Promise<boolean>
): Promise<ReadonlyArray<Operation>> => {
  let kept = operations
  for (let index = operations.length - 1; index >= 0; index--) {
    const fewer = kept.filter((_, at) => at !== index)
    if (await differs(fewer)) kept = fewer
  }
  return kept
}

const compared = async (store: LedgerStore, isShared: boolean): Promise<void> => {
  const { sequences = 200, seed = 1 } = store
  for (let index = 0; index < sequences; index++) {
    const chance = chanceOf(seed + index)
    const operations = operationsOf(chance, chance.below(longest))
    const first = await differenceIn(store, operations, isShared)
    if (first === null) continue
    // What comes behind the first difference has no part in it.
    const few = await shortened(
      operations.slice(0, first.at + 1),
      async (fewer) => (await differenceIn(store, fewer, isShared)) !== null
    )
    const difference = await differenceIn(store, few, isShared)
    const calls = [...few, ...everything].slice(0, (difference?.at ?? 0) + 1).map(({ text }) => `  ${text}`)
    fail(
      `${store.name}, seed ${seed + index}: the last of these calls answers otherwise than in memory\n${calls.join("\n")}\nexpected ${difference?.expected}\ngot      ${difference?.got}`
    )
  }
}

const canBeShared = (store: LedgerStore): Promise<boolean> => withStore(store, async ({ again }) => again !== undefined)

const memoized = <A>(run: () => Promise<A>): (() => Promise<A>) => {
  let running: Promise<A> | undefined
  return () => {
    running ??= run()
    return running
  }
}

const atOnce = 8

/** Runs calls at once, half of them through another opening of the same store where there is one. */
const together = async <A>(
  { ledger, again }: OpenedLedger,
  call: (ledger: Ledger, index: number) => Effect.Effect<A, unknown>
): Promise<ReadonlyArray<A | null>> => {
  const other = (await again?.()) ?? ledger
  return Effect.runPromise(
    Effect.all(
      Array.from({ length: atOnce }, (_, index) =>
        call(index % 2 === 1 ? other : ledger, index).pipe(Effect.orElseSucceed(() => null))
      ),
      { concurrency: "unbounded" }
    )
  )
}

const oneKey = (store: LedgerStore) =>
  withStore(store, async (opened) => {
    const held = await together(opened, (ledger, index) => ledger.openLaunch(launchRecord(`m-${index}`, { key: "k" })))
    const winners = new Set(held.map((launch) => launch?.marker))
    check(winners.size === 1 && !winners.has(undefined), `under one key ${winners.size} launches were opened`)
    same((await Effect.runPromise(opened.ledger.launches())).length, 1, "launches written under one key")
  })

const oneClaim = (store: LedgerStore) =>
  withStore(store, async (opened) => {
    await Effect.runPromise(opened.ledger.openLaunch(launchRecord("m", { owner: "me" })))
    const claims = await together(opened, (ledger) => ledger.claimLaunch("m", 0, 5))
    same(claims.filter((claim) => claim !== null).length, 1, "claims of one launch that were given")
  })

const oneEnd = (store: LedgerStore) =>
  withStore(store, async (opened) => {
    const claim = { by: "me", lasts: 3_600_000 }
    await Effect.runPromise(opened.ledger.openLaunch(launchRecord("m", { leaseUntil: 5 })))
    const fences = await together(opened, (ledger) => ledger.claimEnd("m", claim))
    same(fences.filter((fence) => fence !== null).length, 1, "processes that may end one machine at once")
    await Effect.runPromise(opened.ledger.settleEnd({ marker: "m", fence: 1 }))
    same(await Effect.runPromise(opened.ledger.claimEnd("m", claim)), 2, "the fence of an end that was given back")
    same(await Effect.runPromise(opened.ledger.confirmEnd({ marker: "m", fence: 1 }, 5)), false, "an older fence holds")
    const due = (yet: number) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const { ledger } = opened
          const leaseUntil = (yield* ledger.now()) + yet
          yield* ledger.openLaunch(launchRecord(`due in ${yet}`, { leaseUntil }))
          return yield* ledger.claimEnd(`due in ${yet}`, claim)
        })
      )
    same(await due(-1), 1, "a lease that has run out by the ledger's own clock")
    same(await due(600_000), null, "a lease that has not run out by the ledger's own clock")
  })

const oneBudget = (store: LedgerStore) =>
  withStore(store, async (opened) => {
    const one = { micros: 3, currency: "USD" } as const
    const held: Reservation = {
      budget: { name: "team", total: { micros: 10, currency: "USD" } },
      cost: { perHour: null, total: one }
    }
    const opening = await together(opened, (ledger, index) => ledger.openLaunch(launchRecord(`m-${index}`), held))
    same(opening.filter((launch) => launch !== null).length, 3, "launches of 3 that fit into a budget of 10")
    same((await Effect.runPromise(opened.ledger.commitments("team"))).length, 3, "what the budget holds")
  })

const oneRun = (store: LedgerStore) =>
  withStore(store, async (opened) => {
    const held = await together(opened, (ledger, index) => ledger.openRun(runRecord(`r-${index}`, { key: "k" })))
    same(new Set(held.map((run) => run?.id)).size, 1, "runs that were opened under one key")
    const [run] = held
    if (!run) return fail("no run was opened under a key that nobody holds")
    const changes = await together(opened, (ledger) => ledger.changeRun({ ...run, isStopAsked: true }))
    same(changes.filter((change) => change !== null).length, 1, "changes of one version that were taken")
  })

const oneOrder = (store: LedgerStore) =>
  withStore(store, async (opened) => {
    const held = await together(opened, (ledger, index) => ledger.openOrder(newOrder(`o-${index}`, { key: "k" })))
    same(new Set(held.map((order) => order?.id)).size, 1, "orders that were written under one key")
    const others = ["north", "north", "south"].map((cloud, index) => newOrder(`p-${index}`, { clouds: [cloud] }))
    for (const order of others) await Effect.runPromise(opened.ledger.openOrder(order))
    const claims = await together(opened, (one, at) => one.claimOrder(`p-${at % 3}`, { by: "me", lasts: 600_000 }))
    const taken = claims.flatMap((order) => order?.clouds ?? [])
    same([...taken].sort().join(" "), "north south", "the clouds of orders that keepers got at once")
    const [first] = claims.filter((order) => order !== null)
    if (!first) return fail("no keeper got an order")
    const ends = await together(opened, (one) => one.settleOrder(first, { is: "placed", ref: "north/vm/1" }))
    same(ends.filter((order) => order !== null).length, 1, "outcomes of one order that were taken")
  })

const oneLook = (store: LedgerStore) =>
  withStore(store, async (opened) => {
    const look: PriceLook = {
      ...{ provider: "north", kind: "vm" as const, interruptible: false, complete: true },
      offers: [{ offer: "1", gpu: "H100", gpuCount: 1, price: { micros: 5, currency: "USD" } }]
    }
    const news = await together(opened, (ledger) => ledger.recordPrices([look], 0))
    same(news.filter((one) => one?.changed === 1).length, 1, "looks at once that write down one price")
    const changes = await Effect.runPromise(opened.ledger.priceChanges({ provider: "north", kind: "vm", offer: "1" }))
    same(changes.length, 1, "changes of one price")
  })

const survives = (store: LedgerStore) =>
  withStore(store, async ({ ledger, again }) => {
    for (const operation of operationsOf(chanceOf(store.seed ?? 1), longest)) await answerOf(operation, ledger)
    const other = await again?.()
    if (other === undefined) return
    for (const read of everything)
      same(await answerOf(read, other), await answerOf(read, ledger), `${read.text}, opened again`)
  })

/**
 * What every store of the ledger has to do, as tests of any runner.
 *
 * - It answers as the ledger in memory does, to generated sequences of every call that a ledger has; one that differs is
 *   reported with the fewest calls that show it.
 * - Of callers at once one gets a key, one a claim, one an order and its account, one writes a price, and as many get a budget as fit.
 * - Where it can be opened again, all of that holds across two openings as well, and what was written is there.
 */
export const ledgerTests = (store: LedgerStore): ReadonlyArray<LedgerTest> => {
  const alone = memoized(() => compared(store, false))
  return [
    { name: "answers as the ledger in memory, whatever it is called with", run: alone },
    {
      name: "answers so when two that have it open take turns",
      // Where it cannot be opened again, one has every turn: the very same run.
      run: async () => ((await canBeShared(store)) ? compared(store, true) : alone())
    },
    { name: "gives a key to one of many launches at once", run: () => oneKey(store) },
    { name: "gives a launch to one of many claims at once", run: () => oneClaim(store) },
    {
      name: "gives an end to one of many at once, by its own clock, and knows an older fence",
      run: () => oneEnd(store)
    },
    { name: "holds as many launches at once as fit into a budget", run: () => oneBudget(store) },
    { name: "gives a key to one of many runs at once, and a version to one change", run: () => oneRun(store) },
    { name: "gives an order to one of many keepers, an account to one order", run: () => oneOrder(store) },
    { name: "writes a price once for many looks at once", run: () => oneLook(store) },
    { name: "has all that was written when it is opened again", run: () => survives(store) }
  ]
}
