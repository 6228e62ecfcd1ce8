import { defineProvider, Listing, noEndpoints, type Timing } from "@anygpu/core"
import { BeforeSending } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Question, Row } from "./words.ts"

const row = { billing: "compute", actions: ["terminate"], note: "as it says", source: "bench" } as const

const timing: Timing = {
  ...{ pollEvery: "2 seconds", bootWithin: "1 minute", createWithin: "20 seconds" },
  ...{ appearWithin: "20 seconds", terminateWithin: "1 minute" }
}

/**
 * A cloud in another process. As with a real one, a request waits for its turn, and what has to hold when it leaves is looked
 * at at the end of that.
 */
export const farCloud = (ask: (question: Question) => Promise<ReadonlyArray<Row>>, isFenced: boolean) => {
  const asked = (question: Question) => Effect.promise(() => ask(question))
  const all = Effect.map(asked({ ask: "list", id: "" }), (items) => {
    const observedAt = DateTime.makeUnsafe(Date.now())
    return new Listing({ items, complete: true, observedAt, problems: [] })
  })
  const destroy = Effect.fnUntraced(function* (id: string) {
    yield* asked({ ask: "turn", id })
    if (isFenced) yield* (yield* BeforeSending) ?? Effect.void
    yield* asked({ ask: "end", id })
  })
  const machines = defineProvider({
    ...{ provider: "far", kind: "vm" as const, launchOptions: [], requiredOptions: [], timing },
    lifecycle: {
      domain: { state: ["up", "over"] },
      rows: [
        { ...row, when: { state: "up" }, status: "running" },
        { ...row, when: { state: "over" }, status: "terminated", billing: "none", actions: [] }
      ],
      fallback: { billing: "unknown", actions: [] }
    },
    offers: () => Effect.map(all, (list) => list.with([])),
    prepare: () => Effect.succeed(null),
    create: (_, { marker }) => Effect.map(asked({ ask: "make", id: marker }), ([made]) => made?.id ?? ""),
    find: (marker) => Effect.map(all, (list) => list.with(list.items.filter((one) => one.marker === marker))),
    read: (id) => Effect.map(asked({ ask: "read", id }), ([one]) => one ?? null),
    readAll: () => all,
    describe: ({ id, marker }: Row) => ({
      ...{ id, marker, name: "job", gpu: null, vcpus: null, memoryMiB: null, storageMiB: null, pricePerHour: null },
      ...{ location: { country: null, region: null, native: null }, interruptible: false, endpoints: noEndpoints },
      ...{ createdAt: null, endsAt: null, native: {}, said: null }
    }),
    facts: ({ isOver }: Row) => ({ state: isOver ? ("over" as const) : ("up" as const) }),
    destroy,
    operations: {}
  })
  return { name: "far", kinds: { machines }, native: null }
}
