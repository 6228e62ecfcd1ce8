import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import type { RunParts } from "./parts.ts"
import { runTrial } from "./testing/trial.ts"

test("runs end as their contract says, whatever is taken, drops, or is killed", async () => {
  for (let seed = 1; seed <= 15; seed++) {
    const { faults } = await runTrial(seed)
    expect({ seed, faults }).toEqual({ seed, faults: [] })
  }
}, 240_000)

/** The same parts with other sessions. */
const withSessions = (
  parts: RunParts,
  change: (session: Effect.Success<ReturnType<RunParts["connect"]>>) => Partial<typeof session>
): RunParts => ({
  ...parts,
  connect: (ref, options) => Effect.map(parts.connect(ref, options), (session) => ({ ...session, ...change(session) }))
})

/** Runs that are wrong in one way each: every one has to be caught. */
const broken: Readonly<Record<string, (parts: RunParts) => RunParts>> = {
  "does not give its machine back": (parts) => ({
    ...parts,
    gpu: { ...parts.gpu, terminate: (ref) => Effect.succeed({ ref, status: "terminated" } as never) }
  }),
  "rents under a new key each time": (parts) => ({
    ...parts,
    gpu: { ...parts.gpu, launch: ({ key: _, ...request }) => parts.gpu.launch(request) }
  }),
  "begins its command under a new name each time": (parts) =>
    withSessions(parts, (session) => ({
      start: (command, options) => session.start(command, { ...options, id: `${options?.id}-${crypto.randomUUID()}` })
    })),
  "brings nothing home": (parts) =>
    withSessions(parts, () => ({
      download: () => Effect.succeed({ files: 0, bytes: 0, unchanged: 0, skipped: [] })
    })),
  "takes a moving folder for a still one": (parts) =>
    withSessions(parts, (session) => ({
      list: (folder) =>
        Effect.map(session.list(folder), (entries) => entries.map((entry) => ({ ...entry, changed: 0 })))
    }))
}

/** The first seed that shows it, where that is not 1: the search goes on from there. */
const firstSeeds: Readonly<Record<string, number>> = { "takes a moving folder for a still one": 32 }

test.each(Object.entries(broken))(
  "a run that %s is caught",
  async (name, change) => {
    const found: Array<string> = []
    const first = firstSeeds[name] ?? 1
    for (let seed = first; seed < first + 40 && found.length === 0; seed++) {
      const { faults } = await runTrial(seed, undefined, change)
      found.push(...faults)
    }
    expect(found).not.toEqual([])
  },
  240_000
)
