import { simulateClouds } from "@anygpu/clouds/simulated"
import { createRandom } from "@anygpu/simulators"
import { createGpu, memoryLedger } from "anygpu"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { colleaguesAct } from "./colleagues.ts"

test("colleagues rent for a time under their names, a few at once, and end some early", async () => {
  const { clock, open, simulators } = simulateClouds()
  const ledger = memoryLedger()
  const gpu = createGpu({ clouds: await open(), ledger, clock })
  const { signal } = new AbortController()
  const random = createRandom(5)
  const machines = () => Object.values(simulators).flatMap((one) => one.truth().filter(({ isAlive }) => isAlive))
  const counts: number[] = []
  for (let step = 0; step < 12; step++) {
    await colleaguesAct({ gpu: async () => gpu, ledger: async () => ledger, signal }, random)
    counts.push(machines().length)
  }
  expect(Math.max(...counts)).toBeGreaterThan(2)
  expect(Math.max(...counts)).toBeLessThanOrEqual(5)
  expect(counts.some((count, index) => count < (counts[index - 1] ?? 0))).toBe(true)
  const launches = await Effect.runPromise(ledger.launches())
  expect(launches.every(({ ownedBy, tags, leaseUntil }) => ownedBy && tags && leaseUntil !== null)).toBe(true)
})
