import {
  BeforeEnding,
  clockFrom,
  type GpuError,
  InstanceRef,
  type Ledger,
  memoryLedger,
  ProviderFault,
  type Termination
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { launchRecord, leaseWorld } from "../testing/leases.test-support.ts"
import { ledgerAhead } from "../testing/server-clock.test-support.ts"
import { type DueEnd, endClaimed, endForSure } from "./end-claimed.ts"

const [minute, hour] = [60_000, 3_600_000]
const ref = new InstanceRef("other", "container", "9")
const gone: Termination = { ref, alreadyGone: false, leftovers: [], observedAt: DateTime.makeUnsafe(0) }

/** A cloud that counts how often it is asked for an end, each time after the look that has to come before it. */
const cloud = (before: Effect.Effect<void> = Effect.void) => {
  let asked = 0
  const terminate: Effect.Effect<Termination, GpuError> = Effect.gen(function* () {
    yield* before
    yield* (yield* BeforeEnding) ?? Effect.void
    asked += 1
    return gone
  })
  return { terminate, asked: () => asked }
}

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.scoped(Effect.provide(effect, TestClock.layer())))

const opened = (ledger: Ledger) => ledger.openLaunch(launchRecord("m", { leaseUntil: 0 }))
const due = (ledger: Ledger, terminate: DueEnd<Termination>["terminate"]): DueEnd<Termination> => ({
  ledger,
  marker: "m",
  readAt: 0,
  terminate
})

/** What a ledger is to a process that is frozen: nothing comes back before it wakes. */
const frozen = (ledger: Ledger, thaw: Effect.Effect<void>): Ledger => ({
  ...ledger,
  confirmEnd: (...args) => Effect.andThen(thaw, ledger.confirmEnd(...args))
})

describe("the end of a machine that is due", () => {
  it("is made by one of two processes, and the other one is told", () =>
    run(
      Effect.gen(function* () {
        const ledger = memoryLedger()
        yield* opened(ledger)
        const slow = cloud(Effect.sleep(minute))
        const first = yield* Effect.forkChild(endClaimed(due(ledger, slow.terminate)))
        yield* TestClock.adjust(1)
        const second = cloud()
        expect(yield* endClaimed(due(ledger, second.terminate))).toBeNull()
        // It is confirmed meanwhile, however long the cloud takes.
        yield* TestClock.adjust(50_000)
        expect(yield* endClaimed(due(ledger, second.terminate))).toBeNull()
        yield* TestClock.adjust(minute)
        expect(yield* Fiber.join(first)).toEqual(gone)
        expect([slow.asked(), second.asked()]).toEqual([1, 0])
      })
    ))

  it("is taken over from a process that is frozen, which then asks for nothing", () =>
    run(
      Effect.gen(function* () {
        const ledger = memoryLedger()
        yield* opened(ledger)
        const thaw = yield* Deferred.make<void>()
        const sleeper = cloud()
        const first = yield* Effect.forkChild(endClaimed(due(frozen(ledger, Deferred.await(thaw)), sleeper.terminate)))
        yield* TestClock.adjust(9000)
        const second = cloud()
        expect(yield* endClaimed(due(ledger, second.terminate))).toBeNull()
        yield* TestClock.adjust(2000)
        expect(yield* endClaimed(due(ledger, second.terminate))).toEqual(gone)
        yield* Deferred.succeed(thaw, undefined)
        expect(yield* Fiber.join(first)).toBeNull()
        expect([sleeper.asked(), second.asked()]).toEqual([0, 1])
      })
    ))

  it("notes nothing under a fence that another process has raised", () =>
    run(
      Effect.gen(function* () {
        const ledger = memoryLedger()
        yield* opened(ledger)
        const claim = { by: "me", lasts: 0 }
        expect([yield* ledger.claimEnd("m", claim), yield* ledger.claimEnd("m", claim)]).toEqual([1, 2])
        const intent = { action: "terminate", at: 5 } as const
        expect((yield* Effect.flip(ledger.intend(ref, intent, { marker: "m", fence: 1 }))).message).toContain(
          "taken over"
        )
        expect(yield* ledger.settleEnd({ marker: "m", fence: 1 })).toBe(false)
        expect(yield* ledger.machine(ref)).toBeNull()
        yield* ledger.intend(ref, intent, { marker: "m", fence: 2 })
        expect((yield* ledger.machine(ref))?.intent).toEqual(intent)
      })
    ))

  it("is not made once the lease was renewed, or taken away, after it was claimed", () =>
    run(
      Effect.gen(function* () {
        for (const until of [hour, null]) {
          const ledger = memoryLedger()
          yield* opened(ledger)
          const late = cloud(Effect.sleep(1000))
          const ending = yield* Effect.forkChild(endClaimed(due(ledger, late.terminate)))
          yield* TestClock.adjust(500)
          yield* ledger.renewLease("m", until)
          yield* TestClock.adjust(1000)
          expect([yield* Fiber.join(ending), late.asked()]).toEqual([null, 0])
        }
      })
    ))

  it("is made where the ledger fails if it was read to be due a moment ago, and otherwise not", () =>
    run(
      Effect.gen(function* () {
        const fault = new ProviderFault({ message: "no disk", retry: "temporary", operation: "ledger" })
        const broken: Ledger = { ...memoryLedger(), claimEnd: () => Effect.fail(fault) }
        const { terminate, asked } = cloud()
        expect(yield* endClaimed(due(broken, terminate))).toEqual(gone)
        yield* TestClock.adjust(minute)
        expect(yield* Effect.flip(endClaimed(due(broken, terminate)))).toBe(fault)
        // What its holder wants needs no ledger.
        expect(yield* endForSure({ ledger: broken, marker: "m", terminate })).toEqual(gone)
        expect(asked()).toBe(2)
      })
    ))
})

it("a sweep ends what a dead process was about to end, and waits for its claim to be over", async () => {
  const { clock, sweep, alive, gpu, spec, during, ledger } = leaseWorld()
  const { ref: rented, marker } = await during(gpu.rent({ ...(await spec()), ttl: "1 hour" }))
  await clock.advance(hour)
  const onClock = <A>(effect: Effect.Effect<A, GpuError>) =>
    Effect.runPromise(Effect.provideService(effect, Clock.Clock, clockFrom(clock)))
  expect(await onClock(ledger.claimEnd(marker ?? "", { by: "dead", lasts: 10_000 }))).toBe(1)
  expect((await sweep()).ended).toMatchObject([{ ref: rented }])
  expect(alive()).toHaveLength(0)
})

it("a clock that is set back gives a dead process no longer time", () =>
  run(
    Effect.gen(function* () {
      const ledger = memoryLedger()
      yield* TestClock.setTime(10 * hour)
      yield* opened(ledger)
      expect(yield* ledger.claimEnd("m", { by: "dead", lasts: 10_000 })).toBe(1)
      yield* TestClock.setTime(5 * hour)
      expect(yield* ledger.claimEnd("m", { by: "me", lasts: 10_000 })).toBe(2)
    })
  ))

describe.each([5, -5])("a computer whose clock is %i minutes wrong, on the ledger of a server", (wrong) => {
  const world = () => leaseWorld({ ledger: ledgerAhead(-wrong * minute) })

  it("ends nothing early by its sweep", async () => {
    const { clock, sweep, alive, gpu, spec, during, ledger } = world()
    const { ref: rented } = await during(gpu.rent({ ...(await spec()), ttl: "1 hour" }))
    const [launch] = await Effect.runPromise(ledger.launches())
    expect((launch?.leaseUntil ?? 0) - clock.now()).toBeLessThanOrEqual(hour - wrong * minute)
    await clock.advance(hour - 2 * minute)
    expect((await sweep()).kept).toMatchObject([{ ref: rented }])
    await clock.advance(3 * minute)
    expect((await sweep()).ended).toMatchObject([{ ref: rented }])
    expect(alive()).toHaveLength(0)
  })

  it("holds a lease as long as it was meant, also once it is renewed", async () => {
    const { clock, alive, lease, spec, during, ledger } = world()
    const machine = await during(lease(await spec(), { ttl: "10 minutes" }))
    await clock.advance(9 * minute)
    const until = await machine.renew("20 minutes")
    expect(until.epochMilliseconds - clock.now()).toBe(20 * minute)
    const [launch] = await Effect.runPromise(ledger.launches())
    expect(launch?.leaseUntil).toBe(until.epochMilliseconds - wrong * minute)
    await clock.advance(19 * minute)
    expect(alive()).toHaveLength(1)
    await clock.advance(2 * minute)
    expect(alive()).toHaveLength(0)
  })
})
