import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Account } from "../adapter/account.ts"
import { clockFrom } from "../clock.ts"
import { type GpuError, isGpuError } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { Ledger } from "../ledger/ledger.ts"
import { memoryLedger } from "../ledger/memory.ts"
import type { Lifecycle } from "../lifecycle.ts"
import { type Endpoints, noEndpoints } from "../model/endpoints.ts"
import type { InstanceFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import { Listing } from "../model/listing.ts"
import { type Money, money } from "../model/money.ts"
import type { Offer } from "../model/offer.ts"
import type { Action } from "../model/status.ts"
import { defineProvider } from "./define-provider.ts"
import type { Definition, LaunchIdentity, Operations } from "./definition.ts"
import type { UpdateOption } from "./ops.ts"

const observedAt = DateTime.makeUnsafe(0)

/** An offer of the tiny cloud. */
export const offer: Offer<"test", "container"> = {
  ...{ id: "o1", provider: "test", kind: "container", gpu: null, vcpus: null, memoryMiB: null },
  ...{
    diskMiB: null,
    storageMiB: null,
    location: { country: null, region: null, native: null },
    pricePerHour: money(1),
    minimumBid: null,
    terms: null
  },
  ...{ availability: "available", interruptible: false, reliability: null, observedAt, native: null }
}

/** A machine of the tiny cloud. */
export interface TinyMachine {
  readonly id: string
  readonly state: "booting" | "up" | "broken" | "exited" | "ended" | "destroyed"
  /** What the cloud keeps of its name; `job` by default. */
  readonly name?: string
  /** The cloud's words about it. */
  readonly said?: string
  /** No way in by default. */
  readonly endpoints?: Endpoints
  /** The marker in its name; that of the last launch when absent. */
  readonly marker?: string | null
}

const describe =
  (marker: () => string) =>
  ({ id, state, said, name = "job", marker: own = marker(), endpoints = noEndpoints }: TinyMachine): InstanceFacts => ({
    ...{ id, name, marker: own, gpu: null, vcpus: null, memoryMiB: null },
    ...{ storageMiB: null, pricePerHour: null },
    ...{ location: offer.location, interruptible: false, endpoints, createdAt: null, endsAt: null },
    native: { state },
    said: said ?? null
  })

const row = { actions: ["terminate", "update"], note: "as it says", source: "test" } as const
const lifecycleOf = (able: ReadonlyArray<Action>): Lifecycle<{ state: TinyMachine["state"] }> => ({
  domain: { state: ["booting", "up", "broken", "exited", "ended"] },
  rows: [
    { ...row, when: { state: "booting" }, status: "provisioning", billing: "compute" },
    { ...row, when: { state: "up" }, status: "running", billing: "compute", actions: [...row.actions, ...able] },
    { ...row, when: { state: "broken" }, status: "failed", billing: "none", actions: [] },
    { ...row, when: { state: "exited" }, status: "failed", reason: "exited", billing: "storage" },
    { ...row, when: { state: "ended" }, status: "terminated", billing: "none", actions: [] }
  ],
  fallback: { billing: "unknown", actions: [] }
})

/** What a test decides about the tiny cloud. */
export interface TinyCloud {
  /** Its machines now; virtual milliseconds are given. */
  readonly machines: (now: number) => ReadonlyArray<TinyMachine>
  readonly create?: (identity: LaunchIdentity) => Effect.Effect<string, GpuError>
  readonly destroy?: (id: string, now: number) => Effect.Effect<void, GpuError>
  /** What a read of one machine answers; what `machines` has when absent. */
  readonly read?: (id: string, now: number) => TinyMachine | null | GpuError
  /** What its lists answer; what `machines` has when absent. */
  readonly lists?: (now: number) => ReadonlyArray<TinyMachine> | Listing<TinyMachine> | GpuError
  /** What a machine is, where ids are shared with another kind. */
  readonly kindOf?: (machine: TinyMachine) => Kind | null
  /** What is read after a list, to know the kinds of its machines. */
  readonly learnKinds?: () => Effect.Effect<void>
  readonly operations?: Partial<Operations<TinyMachine>>
  readonly updateOptions?: ReadonlyArray<UpdateOption>
  /** What is possible while a machine is up, besides its end and an update. */
  readonly able?: ReadonlyArray<Action>
  readonly ledger?: Ledger
  /** What a machine says it costs; nothing by default. */
  readonly price?: Money
  readonly priceRoundedTo?: number
  readonly account?: Account
  /** The time that several of them share; one of its own otherwise. */
  readonly time?: { now: number }
}

/** A provider over a cloud that a test makes up, and a run on which every wait is over at once. */
export const tinyCloud = ({
  machines,
  create = () => Effect.succeed("m1"),
  destroy = () => Effect.void,
  read = (id, now) => machines(now).find((machine) => machine.id === id) ?? null,
  lists = machines,
  kindOf,
  learnKinds,
  operations = {},
  updateOptions = [],
  able = [],
  ledger = memoryLedger(),
  price,
  priceRoundedTo,
  account,
  time = { now: 0 }
}: TinyCloud) => {
  let setBy = 0
  let marker = ""
  const instant = {
    now: () => time.now + setBy,
    monotonic: () => time.now,
    sleep: async (milliseconds: number) => {
      time.now += milliseconds
    }
  }
  const answer = <A>(value: A | GpuError) => (isGpuError(value) ? Effect.fail(value) : Effect.succeed(value))
  let listed = 0
  const all = Effect.suspend(() => {
    listed += 1
    const rows = lists(time.now)
    return answer(
      isGpuError(rows) || rows instanceof Listing
        ? rows
        : new Listing({ items: rows, complete: true, observedAt: DateTime.makeUnsafe(time.now), problems: [] })
    )
  })
  const definition: Definition<
    "test",
    "container",
    never,
    { state: TinyMachine["state"] },
    TinyMachine,
    object,
    Partial<Operations<TinyMachine>>
  > = {
    provider: "test",
    kind: "container",
    launchOptions: [],
    requiredOptions: [],
    updateOptions,
    lifecycle: lifecycleOf(able),
    timing: {
      ...{ pollEvery: "1 second", bootWithin: "5 minutes", createWithin: "1 minute" },
      ...{ appearWithin: "1 minute", terminateWithin: "2 minutes" }
    },
    offers: () => Effect.succeed(new Listing({ items: [offer], complete: true, observedAt, problems: [] })),
    prepare: () => Effect.succeed({}),
    create: (_, identity) => {
      marker = identity.marker
      return create(identity)
    },
    find: (sought) =>
      Effect.map(all, (listing) => {
        const marked = listing.items.map((machine) => ({
          ...machine,
          marker: machine.marker === undefined ? sought : machine.marker
        }))
        return listing.with(marked.filter((machine) => machine.marker === sought))
      }),
    read: (id) => Effect.suspend(() => answer(read(id, time.now))),
    readAll: () => all,
    ...(kindOf && { kindOf, kindUnlessTold: "container" as const }),
    ...(learnKinds && { learnKinds }),
    ...(priceRoundedTo !== undefined && { priceRoundedTo }),
    ...(account !== undefined && { account }),
    describe: (machine) => ({ ...describe(() => marker)(machine), pricePerHour: price ?? null }),
    facts: ({ state }) => ({ state }),
    destroy: (id) => Effect.suspend(() => destroy(id, time.now)),
    operations
  }
  const run = <A, E>(effect: Effect.Effect<A, E>, signal?: AbortSignal): Promise<A> =>
    Effect.runPromise(
      effect.pipe(Effect.provideService(CurrentLedger, ledger), Effect.provideService(Clock.Clock, clockFrom(instant))),
      signal && { signal }
    )
  return {
    provider: defineProvider(definition),
    /** The provider as another process has it, on the same clocks and ledger. */
    another: () => defineProvider(definition),
    run,
    ledger,
    now: () => time.now,
    listed: () => listed,
    /** Sets the wall clock forward, or back; time itself goes on as it did. */
    jump: (milliseconds: number) => {
      setBy += milliseconds
    }
  }
}
