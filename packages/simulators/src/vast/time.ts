import { chargeByTime } from "../kit/meter.ts"
import type { Life } from "../kit/timeline.ts"
import { stop, takeStep } from "./lifecycle.ts"
import type { Machine } from "./machine.ts"
import { ratesOf } from "./money.ts"
import type { World } from "./world.ts"

/** At no credit every instance is stopped; storage goes on being charged. Source: Vast docs, guides/reference/billing. */
const stopEverything = (world: World) => {
  for (const machine of world.state.machines) {
    if (machine.destroyedAt !== null) continue
    if (machine.status.intended === "stopped" && machine.waiting === null) continue
    stop(world, machine)
  }
}

/** How the cloud lives by itself: the steps of a machine whose host is offline wait, the end of a contract doesn't. */
export const life: Life<World> = {
  take: (world, { id, step }) => takeStep(world, id, step),
  waiting: ({ state }) => {
    const offline = new Set(state.machines.flatMap(({ id, offlineSince }) => (offlineSince === null ? [] : [id])))
    return ({ id, step }) => step !== "expired" && offline.has(id)
  },
  meter: chargeByTime(({ state }: World) => state.machines, ratesOf),
  broke: stopEverything
}

/** Takes a machine's host off the network, or brings it back with its steps as far away as they were. */
export const setHostOnline = (world: World, machine: Machine, online: boolean): void => {
  const { at, due: ahead } = world.state
  if (!online) {
    machine.offlineSince ??= at
    return
  }
  const away = machine.offlineSince === null ? 0 : at - machine.offlineSince
  machine.offlineSince = null
  for (const due of ahead) {
    if (due.id === machine.id && due.step !== "expired") due.at += away
  }
}
