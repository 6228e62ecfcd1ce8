import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { InstanceRef } from "../../model/ref.ts"
import { offer, type TinyMachine, tinyCloud } from "../tiny-cloud.test-support.ts"

const ref = new InstanceRef("test", "container", "m1")

/** A cloud that says of no machine when it was made. */
const launched = async (machine: Partial<TinyMachine> = {}) => {
  const world = tinyCloud({ machines: () => [{ id: "m1", state: "up", ...machine }] })
  await world.run(Effect.sleep("1 hour"))
  const sent = world.now()
  const made = await world.run(world.provider.launch({ offer, name: "job" }))
  await world.run(Effect.sleep("1 hour"))
  const one = await world.run(world.provider.get(ref))
  const [listed] = (await world.run(world.provider.list())).items
  return { sent, machines: [made, one, listed] }
}

test("a machine without a time of its own is as old as its launch", async () => {
  const { sent, machines } = await launched()
  for (const machine of machines) expect(machine?.createdAt).toEqual(DateTime.makeUnsafe(sent))
})

test("a machine that was not launched here has no time", async () => {
  const { provider, run } = tinyCloud({ machines: () => [{ id: "m1", state: "up", marker: null }] })
  expect((await run(provider.get(ref))).createdAt).toBeNull()
  expect((await run(provider.list())).items[0]?.createdAt).toBeNull()
})
