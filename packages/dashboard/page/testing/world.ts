import { otherEntries } from "./entries.ts"
import type { World } from "./fake-server.ts"
import { type Made, machineEntry, teamMachines } from "./machines.ts"

/** When worlds are, so that pictures are the same in every run. */
export const worldTime = Date.UTC(2026, 10, 30, 14, 20)

/** A team with a handful of machines, of which one cloud does not answer at the moment. */
export const teamWorld = (changed: Partial<World> = {}): World => ({
  ...{ now: worldTime, offers: 240, changes: true, spends: true, answers: {} },
  entries: [...teamMachines(worldTime), ...otherEntries(worldTime, null, true)],
  ...changed
})

const clouds = [
  ["vast", "container"],
  ["runpod", "container"],
  ["fluence", "vm"],
  ["huddle", "vm"]
] as const

/** A great many machines and offers. */
export const greatWorld = (machines: number, offers: number): World =>
  teamWorld({
    offers,
    entries: [
      ...Array.from({ length: machines }, (_, index) => {
        const [provider, kind] = clouds[index % clouds.length] ?? clouds[0]
        const made: Made = { name: `worker-${String(index).padStart(4, "0")}`, provider, kind }
        return machineEntry(made, index, worldTime)
      }),
      ...otherEntries(worldTime, null, true)
    ]
  })
