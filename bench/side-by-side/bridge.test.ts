import { expect, test } from "vitest"
import { bridge } from "./bridge.ts"
import { sharedMutants, withoutCounterpart } from "./their-mutants.ts"
import { openWorld, secretName } from "./world.ts"

test("a machine is quoted, rented, listed, shown and ended through the other interface", async () => {
  const world = openWorld()
  const cloud = bridge(world, (provider) => provider)
  const ctx = { secret: (name: string) => (name === secretName ? "test" : undefined), log: () => {}, dryRun: false }
  const spec = { kind: "gpu", gpu: { model: "RTX 4090", count: 1 } } as const

  const { hourly } = await cloud.quote(ctx, spec, {})
  expect(hourly).toBeGreaterThan(0)
  await expect(cloud.provision(ctx, { ...spec, maxHourlyPrice: hourly / 2 }, {})).rejects.toThrow()
  await cloud.provision({ ...ctx, dryRun: true }, spec, {})
  expect(world.machines()).toEqual([])

  const { id, hourlyRate } = await cloud.provision(ctx, { ...spec, maxHourlyPrice: hourly }, {})
  expect(hourlyRate).toBeLessThanOrEqual(hourly)
  expect(await cloud.list(ctx, {})).toMatchObject([{ id }])
  await world.time.sleep(600_000)
  expect(await cloud.status(ctx, id, {})).toMatchObject({ id, status: "running" })
  await cloud.destroy(ctx, id, {})
  expect(world.machines()).toMatchObject([{ id, alive: false }])
  await world.close?.()
})

test("every mutant that is left out exists, and the others are shared", () => {
  const left = Object.values(withoutCounterpart).flat()
  expect(new Set(left).size).toBe(left.length)
  expect(sharedMutants.filter(({ name }) => left.includes(name))).toEqual([])
  expect(sharedMutants.length).toBeGreaterThan(20)
})
