/*
 * One process of the contention bench: launches on a ledger in Postgres that others use at the same time, and ends what it
 * has launched after a while. It begins with what a killed process in its place has left open.
 */
import { setTimeout as sleep } from "node:timers/promises"
import { InstanceRef, type LaunchRecord, OutOfFunds, overBudget, type Reservation, wantedFor } from "@anygpu/core"
import { postgresLedger } from "@anygpu/postgres"
import * as Effect from "effect/Effect"
import type { Answer, Ask, Said, Task } from "./words.ts"

const task: Task = JSON.parse(process.argv[2] ?? "{}")
const ledger = postgresLedger(task.url, { connections: 4 })
const owner = `process-${task.process}`

let state = task.seed * 7919 + task.process + 1
const chance = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}

const waiting = new Map<number, (id: string | null) => void>()
process.on("message", ({ call, id }: Answer) => {
  waiting.get(call)?.(id)
  waiting.delete(call)
})
const say = (said: Said): void => void process.send?.(said)
let calls = 0
type Question = Ask extends infer One ? (One extends Ask ? Omit<One, "call"> : never) : never
const ask = (question: Question): Promise<string | null> =>
  new Promise((resolve) => {
    calls++
    waiting.set(calls, resolve)
    say({ call: calls, ...question } as Ask)
  })

const dollar = { micros: 1_000_000, currency: "USD" } as const
const dollars = (count: number) => ({ micros: count * 1_000_000, currency: "USD" }) as const
/** Every machine is there for less than an hour: in its day it counts for one. */
const budget = { name: "team", perHour: dollars(task.limit), perDay: dollars(task.day) } as const
const held: Reservation = { budget, cost: { perHour: dollar, total: null } }

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)

/** Opens a launch within the budget. The control looks at the sum first, and holds what it costs without a limit. */
const open = async (launch: LaunchRecord): Promise<LaunchRecord> => {
  if (!task.unlocked) return run(ledger.openLaunch(launch, held))
  const over = overBudget(await run(ledger.commitments(budget.name)), wantedFor(launch, held.cost), budget, Date.now())
  if (over) throw over
  return run(ledger.openLaunch(launch, { budget: { name: budget.name }, cost: held.cost }))
}

const end = async ({ marker, provider, kind }: LaunchRecord, id: string): Promise<void> => {
  const ref = new InstanceRef(provider, kind, id)
  await run(ledger.intend(ref, { action: "terminate", at: Date.now() }))
  await ask({ kind: "end", marker })
  await run(ledger.gone(ref, Date.now()))
}

/** Ends what the process before this one has opened, however far it came. */
const takeOver = async (): Promise<void> => {
  const mine = await run(ledger.launches({ owned: true, states: ["open"] }))
  for (const launch of mine.filter((one) => one.owner === owner)) {
    const id = await ask({ kind: "find", marker: launch.marker })
    const how = id === null ? ({ state: "refused" } as const) : ({ state: "created", instanceId: id } as const)
    await run(ledger.settleLaunch(launch.marker, { ...how, by: owner }))
  }
  const made = await run(ledger.launches({ states: ["created"] }))
  for (const launch of made.filter(({ marker }) => marker.startsWith(`${owner}-`))) {
    const id = launch.instanceId ?? ""
    const machine = await run(ledger.machine(new InstanceRef(launch.provider, launch.kind, id)))
    if (machine?.goneAt == null) await end(launch, id)
  }
}

/** The ends of what was launched, for which no launch waits. */
const ends: Promise<void>[] = []

const launchOnce = async (index: number): Promise<void> => {
  const key = `key-${Math.floor(chance() * task.keys)}`
  const marker = `${owner}-${Date.now().toString(36)}-${index}`
  const start = performance.now()
  const launch = await open({
    ...{ marker, key, idempotencyKey: marker, provider: "cloud", kind: "vm", name: key, offerId: "1", spec: {} },
    ...{ pricePerHour: dollar, at: Date.now(), state: "open", instanceId: null, note: null, leaseUntil: null },
    ...{ sentAfter: null, owner, fence: 0 }
  })
  say({ kind: "opened", millis: performance.now() - start })
  if (launch.marker !== marker) return
  const claim = await run(ledger.claimLaunch(marker, launch.fence, 0))
  if (claim === null) return
  if (chance() < 0.1) return void (await run(ledger.settleLaunch(marker, { state: "refused", by: owner })))
  const id = (await ask({ kind: "create", key, marker })) ?? ""
  await run(ledger.settleLaunch(marker, { state: "created", instanceId: id, by: owner }))
  ends.push(sleep(300 + chance() * 700).then(() => end(launch, id)))
}

let next = 0
const lane = async (): Promise<void> => {
  while (next < task.launches) {
    try {
      await launchOnce(next++)
    } catch (error) {
      if (error instanceof OutOfFunds) {
        say({ kind: "kept-out" })
        await sleep(20)
      } else say({ kind: "failed", message: error instanceof Error ? error.message : String(error) })
    }
  }
}

await takeOver()
await Promise.all(Array.from({ length: 4 }, lane))
await Promise.all(ends)
await ledger.close()
say({ kind: "done" })
process.disconnect()
