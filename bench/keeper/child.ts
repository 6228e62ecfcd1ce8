/*
 * One process of the keeper bench: a keeper, or a laptop that leases a machine. Its cloud is the process that began it.
 */
import type { Offer } from "@anygpu/core"
import { startKeeper } from "@anygpu/keeper"
import { postgresLedger } from "@anygpu/postgres"
import { createGpu } from "anygpu"
import { farCloud } from "./far-cloud.ts"
import type { Answer, Question, Row, Said, Task } from "./words.ts"

const task: Task = JSON.parse(process.argv[2] ?? "{}")

if (task.skew !== 0) {
  const [Real, now] = [Date, Date.now]
  Date.now = () => now() + task.skew
  globalThis.Date = new Proxy(Real, {
    construct: (target, args) => (args.length === 0 ? new target(Date.now()) : Reflect.construct(target, args))
  })
}

const say = (said: Said): void => void process.send?.(said)
const waiting = new Map<number, (rows: ReadonlyArray<Row>) => void>()
process.on("message", ({ call, rows }: Answer) => {
  waiting.get(call)?.(rows)
  waiting.delete(call)
})
process.on("disconnect", () => process.exit(0))
let calls = 0
const ask = (question: Question): Promise<ReadonlyArray<Row>> =>
  new Promise((resolve) => {
    calls++
    waiting.set(calls, resolve)
    say({ call: calls, ...question })
  })

const cloud = farCloud(ask, !task.unfenced)
const { url, schema } = task
const ledger = postgresLedger(url, { schema, connections: 10 })

if (task.role === "keeper") {
  const log = (level: string, event: string, fields: object = {}) => {
    if (level !== "info") say({ line: `${event} ${JSON.stringify(fields)}` })
  }
  const keeper = await startKeeper({ clouds: [cloud], ledger, jobs: { url, schema }, log })
  say({ started: keeper.id })
} else {
  const gpu = createGpu({ clouds: [cloud], ledger })
  const offer: Offer<"far", "vm"> = {
    ...{ id: "o", provider: "far", kind: "vm", gpu: null, vcpus: null, memoryMiB: null, diskMiB: null },
    ...{ storageMiB: null, location: { country: null, region: null, native: null }, minimumBid: null, terms: null },
    ...{ pricePerHour: { micros: 1, currency: "USD" }, availability: "available", interruptible: false },
    ...{ reliability: null, native: null, observedAt: (await gpu.offers()).observedAt }
  }
  const lease = await gpu.lease({ offer, name: "job" }, { ttl: task.lease })
  say({ leased: lease.ref.id })
}
