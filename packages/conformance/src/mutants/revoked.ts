import { Listing } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { World } from "../harness.ts"
import { type Mutant, mutant } from "./mutant.ts"

/** The worlds in which the next create is refused with 401. */
const refusing = new WeakSet<World>()

/** Providers that take a refused key for something else. */
export const revokedMutants: ReadonlyArray<Mutant> = [
  {
    ...mutant(
      "launches again after a refused key",
      "a key that is refused in mid-call: a create that is refused so made nothing: one machine at most, and nothing is left open",
      "Repeats a launch by itself when the key was refused on the way: two machines cost money.",
      (provider, world) => ({
        launch: (spec) => {
          if (!refusing.delete(world)) return provider.launch(spec)
          const { key: _, ...another } = spec
          return Effect.andThen(Effect.exit(provider.launch(another)), provider.launch(spec))
        }
      })
    ),
    mutateWorld: (world) => {
      const { createUnauthorized } = world.controls
      const noted = () => {
        refusing.add(world)
        createUnauthorized?.()
      }
      return createUnauthorized ? { controls: { ...world.controls, createUnauthorized: noted } } : {}
    }
  },
  mutant(
    "refused key as an empty account",
    "a key that is refused in mid-call: reads that are refused so say nothing about a machine",
    "Shows no machines while the key is refused: those that run cost on, unseen.",
    (provider) => ({
      list: () =>
        Effect.catchTag(provider.list(), "Unauthenticated", () =>
          Effect.map(DateTime.now, (observedAt) => Listing.read({ items: [], observedAt, problems: [] }))
        )
    })
  )
]
