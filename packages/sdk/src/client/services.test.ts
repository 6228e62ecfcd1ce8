import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { clockFrom } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterAll, expect, test } from "vitest"
import { Gpu, Ledger } from "../effect.ts"
import { layerSqlite } from "../sqlite.ts"
import { world } from "../testing/world.test-support.ts"

const folder = mkdtempSync(join(tmpdir(), "anygpu-services-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A client's layer on a simulated cloud, and what runs an effect on its clock. */
const simulated = () => {
  const { cloud, simulator } = world()
  const clock = Layer.succeed(Clock.Clock, clockFrom(simulator.clock))
  const run = <A, E>(effect: Effect.Effect<A, E, Gpu>, client: Layer.Layer<Gpu, unknown>) =>
    Effect.runPromise(Effect.provide(effect, Layer.merge(client, clock)) as Effect.Effect<A>)
  return { client: Gpu.layer({ clouds: [cloud] }), cloud, simulator, run }
}

const rent = Effect.gen(function* () {
  const gpu = yield* Gpu
  const job = { duration: "1 hour" } as const
  const workload = { image: "ubuntu:24.04" }
  const launched = yield* gpu.launch({ job, workload, candidates: { kind: "container" }, name: "job", key: "k" })
  return launched.instance
})

const known = Effect.flatMap(Gpu, (gpu) => Effect.map(gpu.audit(), ({ claimed }) => claimed.length))

test("a client without a ledger has a memory of its own: another one knows nothing of its machines", async () => {
  const { client, run } = simulated()
  expect(await run(Effect.andThen(rent, known), client)).toBe(1)
  expect(await run(known, Layer.fresh(client))).toBe(0)
})

test("a client runs on the ledger that is provided to it: one memory for two", async () => {
  const { client, run } = simulated()
  const both = Layer.provide(client, Ledger.layerMemory)
  const again = Effect.provide(known, Layer.fresh(client))
  const shared = Effect.gen(function* () {
    const ledger = yield* Ledger
    yield* rent
    return yield* Effect.provideService(again, Ledger, ledger)
  })
  expect(await run(Effect.provide(shared, Ledger.layerMemory), both)).toBe(1)
})

test("a file remembers for the next process, and is closed with the scope", async () => {
  const { client, run } = simulated()
  const live = () => Layer.provide(Layer.fresh(client), layerSqlite(join(folder, "ledger.db")))
  const { ref } = await run(rent, live())
  expect(await run(known, live())).toBe(1)
  // The same key again is the same machine.
  expect(String((await run(rent, live())).ref)).toBe(String(ref))
})

test("what is wrong with the options or the file fails as the layer is built", async () => {
  const { cloud } = simulated()
  const twice = Effect.flip(Layer.build(Gpu.layer({ clouds: [cloud, cloud] })))
  expect(await Effect.runPromise(Effect.scoped(twice))).toMatchObject({ _tag: "InvalidRequest" })
  const nowhere = Effect.flip(Layer.build(layerSqlite(join(folder, "nowhere", "folder\0"))))
  expect(await Effect.runPromise(Effect.scoped(nowhere))).toMatchObject({ _tag: "ProviderFault" })
})
