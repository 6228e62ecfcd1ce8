import { attachMarker, type GpuError, type LogOptions, type Money, subtractMoney, type Target } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import type { Seen } from "./to-domain.ts"
import { boot, carry, carryChange, type Held, pause, spentBy, type World } from "./world.ts"

/** The longest name that the cloud keeps, its marker included. */
export const longestName = 100

/** A change of a machine that exists. */
const change =
  (world: World, call: Parameters<typeof carryChange>[1], act: (machine: Held, now: number) => void, input?: unknown) =>
  ({ native }: Target<Seen>): Effect.Effect<void, GpuError> =>
    carryChange(world, call, (now) => act(native.machine, now), input)

const stop = (machine: Held, now: number): void => {
  machine.mark = "stopped"
  pause(machine, now)
}

/** What can be done on a cloud in memory besides renting. */
export const operationsOn = (world: World) => ({
  start: change(world, "start", boot),
  stop: change(world, "stop", stop),
  restart: change(world, "restart", boot),
  rename: (target: Target<Seen>, name: string): Effect.Effect<void, GpuError> =>
    change(
      world,
      "rename",
      (machine) => {
        const { marker } = target.described
        machine.name = marker === null ? name : attachMarker(name, marker, longestName)
      },
      name
    )(target),
  logs: ({ native }: Target<Seen>, { tail, containing = "" }: LogOptions) =>
    carry(world, "logs", (): ReadonlyArray<string> => {
      const lines = native.machine.lines.filter((line) => line.includes(containing))
      return tail === undefined ? lines : lines.slice(-tail)
    }),
  balance: () => carry(world, "balance", (now): Money => subtractMoney(world.credit, spentBy(world, now)))
})
