import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { clockFrom } from "../clock.ts"
import { Network } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import { memoryLedger } from "../ledger/memory.ts"
import { noEndpoints } from "../model/endpoints.ts"
import type { InstanceFacts } from "../model/instance.ts"
import { Listing } from "../model/listing.ts"
import { money } from "../model/money.ts"
import type { Offer } from "../model/offer.ts"
import { defineProvider } from "./define-provider.ts"

const observedAt = DateTime.makeUnsafe(0)

const offer: Offer<"test", "container"> = {
  ...{ id: "o1", provider: "test", kind: "container", gpu: null, vcpus: null, memoryMiB: null, storageMiB: null },
  ...{ location: { country: null, region: null, native: null }, price: money(1), minimumBid: null, terms: null },
  ...{ availability: "available", interruptible: false, reliability: null, observedAt, native: null }
}

const facts = (id: string, marker: string): InstanceFacts => ({
  ...{ id, name: "job", marker, gpu: null, vcpus: null, memoryMiB: null, storageMiB: null, price: null },
  ...{ location: offer.location, interruptible: false, endpoints: noEndpoints, createdAt: null, endsAt: null },
  native: {}
})

/** A clock on which every wait is over at once. */
const instant = () => {
  let time = 0
  return {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds
    }
  }
}

/** A cloud whose create answers nobody, and whose list then shows these ids under the launch's marker. */
const cloud = (listed: ReadonlyArray<string>) => {
  const alive = new Set(listed)
  const destroyed: string[] = []
  let marker = ""
  const provider = defineProvider({
    provider: "test",
    kind: "container",
    launchOptions: [],
    requiredOptions: [],
    lifecycle: {
      domain: { up: [true] },
      rows: [{ when: {}, status: "running", billing: "compute", actions: ["terminate"], note: "up", source: "test" }],
      fallback: { billing: "unknown", actions: [] }
    },
    timing: {
      pollEvery: "1 millis",
      bootWithin: "1 second",
      createWithin: "1 second",
      appearWithin: "1 second",
      terminateWithin: "1 second"
    },
    offers: () => Effect.succeed(new Listing({ items: [offer], complete: true, observedAt, problems: [] })),
    prepare: () => Effect.succeed({}),
    create: (_, identity) => {
      marker = identity.marker
      return Effect.fail(new Network({ message: "the answer was lost", retry: "temporary", sent: "maybe" }))
    },
    find: () => Effect.succeed(new Listing({ items: listed, complete: true, observedAt, problems: [] })),
    read: (id) => Effect.succeed(alive.has(id) ? id : null),
    readAll: () => Effect.succeed(new Listing({ items: [...alive], complete: true, observedAt, problems: [] })),
    describe: (id: string) => facts(id, marker),
    facts: () => ({ up: true }),
    destroy: (id) =>
      Effect.sync(() => {
        destroyed.push(id)
        alive.delete(id)
      }),
    operations: {}
  })
  const launch = provider
    .launch({ offer, name: "job" })
    .pipe(
      Effect.provideService(CurrentLedger, memoryLedger()),
      Effect.provideService(Clock.Clock, clockFrom(instant())),
      Effect.runPromise
    )
  return { launch, destroyed }
}

test("a machine that comes twice in the list is adopted, and not ended as its own double", async () => {
  const { launch, destroyed } = cloud(["m1", "m1"])
  expect((await launch).ref.id).toBe("m1")
  expect(destroyed).toEqual([])
})

test("two machines of one launch: one is adopted, the other is ended", async () => {
  const { launch, destroyed } = cloud(["m1", "m2"])
  expect((await launch).ref.id).toBe("m1")
  expect(destroyed).toEqual(["m2"])
})
