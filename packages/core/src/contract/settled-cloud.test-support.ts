import * as Effect from "effect/Effect"
import type { GpuError } from "../errors.ts"
import { InstanceRef } from "../model/ref.ts"
import type { OptionalOps } from "./ops.ts"
import { offer, type TinyMachine, tinyCloud } from "./tiny-cloud.test-support.ts"

/** The machine of {@link settled}, and how it is while it lives. */
export const ref = new InstanceRef("test", "container", "m1")
export const up: TinyMachine = { id: "m1", state: "up" }

/** The stop of a cloud that was given one. */
export const stopOf = (provider: object): OptionalOps<"test", "container">["stop"] =>
  (provider as Pick<OptionalOps<"test", "container">, "stop">).stop

type Says = Partial<Parameters<typeof tinyCloud>[0]>

/** A cloud whose machine was launched long ago and seen, and that says from then on what a test wants. */
export const settled = async (says: Says) => {
  let lies: Says = {}
  const world = tinyCloud({
    machines: (now) => lies.machines?.(now) ?? [up],
    read: (id, now) => (lies.read ? lies.read(id, now) : id === "m1" ? up : null),
    lists: (now) => (lies.lists ? lies.lists(now) : (lies.machines?.(now) ?? [up])),
    destroy: (id, now) => lies.destroy?.(id, now) ?? Effect.void,
    ...(says.kindOf && { kindOf: says.kindOf }),
    ...(says.operations && { operations: says.operations }),
    ...(says.updateOptions && { updateOptions: says.updateOptions }),
    ...(says.able && { able: says.able })
  })
  await world.run(world.provider.launch({ offer, name: "job" }))
  await world.run(Effect.sleep("10 minutes"))
  await world.run(world.provider.get(ref))
  lies = says
  const { provider, run, ledger } = world
  return {
    ...world,
    get: () => run(provider.get(ref)),
    fails: (effect: Effect.Effect<unknown, GpuError>) => run(Effect.flip(effect)),
    machine: () => run(ledger.machine(ref))
  }
}
