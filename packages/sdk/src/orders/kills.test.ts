import type { Ledger } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { fates } from "../placement/placement.test-support.ts"
import type { CloudScript, Fate } from "../testing/market.ts"
import { isDouble, order, world } from "./orders.test-support.ts"

type Call = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, never>

/** How a keeper stops at a call of its ledger: killed or frozen, before the call or after it. */
const manners = ["killed before", "killed after", "frozen before", "frozen after"] as const

/**
 * The ledger of a process that stops at its n-th call, and is heard of no more until it is thawed. What it calls meanwhile
 * waits.
 */
const stopping = (ledger: Ledger, at: number, manner: (typeof manners)[number]) => {
  const thawed = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<string>()
  let calls = 0
  let isStopped = false
  const halt = Effect.promise(() => thawed.promise)
  const wrap =
    (name: string, call: Call): Call =>
    (...args) =>
      Effect.suspend(() => {
        if (isStopped) return Effect.andThen(halt, call(...args))
        if (calls++ !== at) return call(...args)
        isStopped = true
        reached.resolve(name)
        return manner.endsWith("before") ? Effect.andThen(halt, call(...args)) : Effect.tap(call(...args), () => halt)
      })
  const wrapped = Object.fromEntries(Object.entries(ledger).map(([name, call]) => [name, wrap(name, call as Call)]))
  return { ledger: wrapped as unknown as Ledger, reached: reached.promise, thaw: thawed.resolve }
}

/** One cloud whose machines boot in no time, so that there are few calls to stop at. */
const quick = (...all: ReadonlyArray<Fate>): CloudScript => {
  const { stands, ...script } = fates(...all)
  return { ...script, stands: stands.map((stand) => ({ ...stand, bootMs: 4000 })) }
}

test("a keeper that is killed between any two steps of a round leaves nothing twice in its pool", async () => {
  for (let at = 0; ; at++) {
    const { gpu, ledger, turn, alive, machines, clock } = world([quick("boots", "boots", "boots", "boots")])
    const pool = { name: "work", size: 2, candidates: {}, workload: order.workload, limits: order.limits }
    const { id } = await gpu.keepPool(pool)
    const stop = stopping(ledger, at, "killed after")
    const first = turn(id, "one", stop.ledger)
    if ((await Promise.race([stop.reached, first.then(() => null)])) === null) break
    for (let turns = 0; turns < 10 && alive().length < 2; turns++) {
      await clock.sleep(61_000)
      await turn(id, "two")
    }
    expect([at, alive().length, machines.length]).toEqual([at, 2, 2])
  }
})

describe.each([
  ["boots at once", quick("boots", "boots", "boots")],
  ["breaks, and the next one boots", quick("breaks", "boots", "boots")],
  ["has its answer lost", quick("answer-lost", "boots")]
] as const)("a keeper whose machine %s", (_, script) => {
  test.each(manners)("%s each call of its ledger leaves one machine for its order, never two", async (manner) => {
    const met = new Set<string>()
    for (let at = 0; ; at++) {
      const { gpu, ledger, turn, finish, machines, alive, clock } = world([structuredClone(script)])
      const { id } = await gpu.orderLaunch(order)
      const stop = stopping(ledger, at, manner)
      const first = turn(id, "one", stop.ledger)
      const reached = await Promise.race([stop.reached, first.then(() => null)])
      if (reached === null) break
      met.add(reached)
      await clock.sleep(11_000)
      await finish(id)
      if (manner.startsWith("frozen")) {
        stop.thaw()
        await first.catch(() => {})
      }
      const [kept] = await gpu.orders()
      const there = alive().map(({ id: machine }) => `acme/vm/${machine}`)
      expect([manner, at, reached, kept?.state, there]).toEqual([manner, at, reached, "placed", [kept?.ref]])
      // Between its look and its request nothing but its own end of what came late helps a keeper that was frozen.
      const isBeforeRequest = manner === "frozen after" && reached === "launches"
      expect([manner, at, reached, !isBeforeRequest && isDouble(machines)]).toEqual([manner, at, reached, false])
    }
    expect([...met]).toEqual(
      expect.arrayContaining([
        "orders",
        "now",
        "claimOrder",
        "openLaunch",
        "claimLaunch",
        "settleLaunch",
        "settleOrder"
      ])
    )
  })
})
