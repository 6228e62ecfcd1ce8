import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Conflict, OutOfFunds, ProviderFault } from "../errors.ts"
import { InstanceRef } from "../model/ref.ts"
import { sqliteLedger } from "../sqlite/index.ts"
import type { Reservation } from "./budget.ts"
import { launchRecord as launch } from "./launch.test-support.ts"
import type { LaunchState, Ledger } from "./ledger.ts"
import { memoryLedger } from "./memory.ts"

describe("memory and SQLite", () => {
  const states: ReadonlyArray<LaunchState> = ["open", "created", "refused", "absent", "unsettled"]
  const marker = fc.constantFrom("a", "b", "c", "d")
  const key = fc.constantFrom(null, "k", "l")
  const when = fc.integer({ min: 0, max: 5 })
  const id = fc.constantFrom("1", "2", "3 é/x")
  const places = [
    ["vast", "container"],
    ["vast", "vm"],
    ["fluence", "vm"]
  ] as const
  const instance = fc.tuple(fc.constantFrom(...places), id).map(([place, name]) => [...place, name] as const)
  const refs = instance.map(([provider, kind, name]) => new InstanceRef(provider, kind, name))
  const until = fc.constantFrom(null, 0, 3, 1_800_000_000_000)
  const note = fc.option(fc.string(), { nil: undefined })
  const owner = fc.constantFrom(null, "me", "you")
  const account = fc.constantFrom(undefined, "keys=a", "id=1 keys=a", "id=1 keys=b", "id=2 keys=c")
  const fence = fc.integer({ min: 0, max: 3 })

  const fields = [marker, key, when, fc.constantFrom(...states), fc.dictionary(fc.string(), fc.jsonValue())] as const
  const record = fc
    .tuple(fc.tuple(...fields), instance, until, fc.option(fc.nat(), { nil: undefined }), owner, fence, account)
    .map(([[name, held, at, state, spec], [provider, kind], leaseUntil, monotonicAt, own, taken, whose]) =>
      launch(name, {
        ...(monotonicAt !== undefined && { monotonicAt }),
        ...(whose !== undefined && { account: whose }),
        key: held,
        at,
        state,
        spec,
        provider,
        kind,
        leaseUntil,
        owner: own,
        fence: taken,
        price: at > 2 ? null : { micros: at, currency: "USDC" }
      })
    )
  const outcome = fc
    .tuple(fc.constantFrom(...states), fc.option(id, { nil: undefined }), note, owner, fc.option(fence))
    .map(([state, instanceId, text, by, read]) => ({
      state,
      ...(by !== null && { by }),
      ...(read !== null && { fence: read }),
      ...(instanceId !== undefined && { instanceId }),
      ...(text !== undefined && { note: text })
    }))
  const query = fc.record(
    {
      ...{ states: fc.subarray([...states]), provider: fc.constant("vast"), key: fc.constant("k") },
      ...{ marker, instanceId: id, leased: fc.boolean(), owned: fc.boolean() }
    },
    { requiredKeys: [] }
  )
  const intent = fc.record({ action: fc.constantFrom("stop" as const, "terminate" as const), at: when })

  const amount = fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom("USD" as const, "USDC" as const))
    .map(([micros, currency]) => ({ micros, currency }))
  const known = fc.option(amount, { freq: 8 })
  const budgets = fc.constantFrom("team", "agents")
  const reservation: fc.Arbitrary<Reservation> = fc.record({
    budget: fc
      .tuple(budgets, fc.record({ perHour: amount, total: amount }, { requiredKeys: [] }))
      .map(([name, limits]) => ({ name, ...limits })),
    cost: fc.record({ perHour: known, total: known })
  })

  type Operation = (ledger: Ledger) => Effect.Effect<unknown, ProviderFault | OutOfFunds | Conflict>
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    fc.tuple(record, fc.uniqueArray(reservation, { selector: ({ budget }) => budget.name, maxLength: 2 })).map(
      ([one, held]): Operation =>
        (ledger) =>
          ledger.openLaunch(one, ...held)
    ),
    fc.tuple(marker, reservation).map(
      ([name, held]): Operation =>
        (ledger) =>
          ledger.recommit(name, held)
    ),
    budgets.map(
      (name): Operation =>
        (ledger) =>
          ledger.commitments(name)
    ),
    fc.tuple(fc.constantFrom("h1", "h2", "h3"), fc.integer({ min: 0, max: 20_000_000 })).map(
      ([host, at]): Operation =>
        (ledger) =>
          ledger.failed(host, at)
    ),
    fc.tuple(marker, outcome).map(
      ([name, what]): Operation =>
        (ledger) =>
          ledger.settleLaunch(name, what)
    ),
    fc.tuple(marker, fence, when).map(
      ([name, taken, at]): Operation =>
        (ledger) =>
          ledger.claimLaunch(name, taken, at)
    ),
    fc.tuple(marker, fc.oneof(until, fc.constantFrom(1.5, Number.NaN))).map(
      ([name, at]): Operation =>
        (ledger) =>
          ledger.renewLease(name, at)
    ),
    query.map(
      (what): Operation =>
        (ledger) =>
          ledger.launches(what)
    ),
    fc.tuple(refs, intent).map(
      ([one, what]): Operation =>
        (ledger) =>
          ledger.intend(one, what)
    ),
    fc.tuple(fc.array(refs, { maxLength: 3 }), when, account).map(
      ([some, at, whose]): Operation =>
        (ledger) =>
          ledger.seen(some, at, whose)
    ),
    fc.tuple(refs, when).map(
      ([one, at]): Operation =>
        (ledger) =>
          ledger.gone(one, at)
    ),
    fc.tuple(refs, fc.constantFrom("a", "b é")).map(
      ([one, name]): Operation =>
        (ledger) =>
          ledger.named(one, name)
    ),
    refs.map(
      (one): Operation =>
        (ledger) =>
          ledger.machine(one)
    ),
    refs.map(
      (one): Operation =>
        (ledger) =>
          ledger.machines(one.provider, one.kind)
    )
  )

  test("give the same answers to any sequence of operations", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const memory = memoryLedger()
        using sqlite = sqliteLedger(":memory:")
        const everything: Operation = (ledger) =>
          Effect.all([
            Effect.all([ledger.launches(), ledger.failures()]),
            Effect.all(["team", "agents"].map(ledger.commitments)),
            Effect.all(places.map(([provider, kind]) => ledger.machines(provider, kind)))
          ])
        for (const apply of [...operations, everything]) {
          const [ours, theirs] = [memory, sqlite].map((ledger) => Effect.runSync(Effect.result(apply(ledger))))
          expect(theirs).toEqual(ours)
          if (ours && Result.isFailure(ours)) expect(String(theirs)).toBe(String(ours))
        }
      }),
      { numRuns: 200 }
    )
  })
})
