import {
  type AnyProvider,
  type GpuError,
  type Instance,
  InstanceRef,
  type Ledger,
  Listing,
  money,
  Network,
  noEndpoints,
  type Problem,
  ProviderFault,
  RateLimited,
  type Status,
  sshEndpoint,
  Unauthenticated
} from "@anygpu/core"
import type { VirtualClock } from "@anygpu/simulators"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Change } from "./change.ts"
import { iterate } from "./iterate.ts"
import { failedLook, type Known, listedLook, nothingKnown } from "./look.ts"
import type { WatchOptions } from "./options.ts"
import { watchWith } from "./watch.ts"

/** What a test decides about one machine of a made-up cloud. */
export interface Facts {
  readonly status?: Status
  readonly billing?: Instance["billing"]
  readonly price?: number
  /** Whether it can be reached; running ones are, unless it says otherwise. */
  readonly isReachable?: boolean
}

/** A machine of a made-up cloud. */
export const machine = (id: string, facts: Facts = {}, provider = "fake"): Instance => {
  const { status = "running", price = 1, isReachable = status === "running" } = facts
  const billing = facts.billing ?? (status === "terminated" ? "none" : "compute")
  const ssh = [sshEndpoint("host", 22, "root", "direct")]
  return {
    ...{ ref: new InstanceRef(provider, "vm", id), name: null, marker: null, gpu: null, vcpus: null },
    ...{ memoryMiB: null, storageMiB: null, location: { country: null, region: null, native: null } },
    ...{
      pricePerHour: money(price),
      interruptible: false,
      endpoints: isReachable ? { ...noEndpoints, ssh } : noEndpoints
    },
    ...{ createdAt: null, endsAt: null, native: {}, status, reason: null, billing, actions: [], said: null },
    view: "summary",
    observedAt: DateTime.makeUnsafe(0)
  }
}

/** A listing of a made-up cloud; with problems it is incomplete. */
export const listing = (items: ReadonlyArray<Instance>, problems: ReadonlyArray<Problem> = [], at = 0) =>
  new Listing({ items, complete: problems.length === 0, observedAt: DateTime.makeUnsafe(at), problems })

/** The same listing as made now. */
const stamped = (listed: Listing<Instance>) =>
  Effect.map(DateTime.now, ({ epochMilliseconds }) => listing(listed.items, listed.problems, epochMilliseconds))

const temporary = { message: "down", retry: "temporary" } as const

/** Errors that a list may end with. */
export const errors = {
  network: new Network({ ...temporary, sent: "maybe" }),
  fault: new ProviderFault(temporary),
  refused: new Unauthenticated({ message: "check the API key", retry: "permanent" }),
  limited: (retryAfter: Duration.Duration) => new RateLimited({ ...temporary, retry: "exhausted", retryAfter })
}

/** A part of a list that could not be read. */
export const problem = (part: string, error: GpuError = errors.fault): Problem => ({ provider: "fake", part, error })

/** What a made-up cloud answers to its next list. */
export type Answer = Effect.Effect<Listing<Instance>, GpuError>

/** A provider that lists what a test says, and when it was asked. */
export const fakeProvider = (answer: (look: number, now: number) => Answer, provider = "fake") => {
  const looks: number[] = []
  const list = Effect.clockWith((clock) =>
    Effect.suspend(() => {
      looks.push(clock.currentTimeMillisUnsafe())
      return answer(looks.length, clock.currentTimeMillisUnsafe())
    })
  ).pipe(Effect.flatMap(stamped))
  const timing = { pollEvery: "10 seconds", bootWithin: "5 minutes" }
  return { looks, provider: { provider, kind: "vm", timing, list: () => list } as unknown as AnyProvider }
}

/** Watches for so many virtual milliseconds; everything that was said. */
export const changesFor = async (
  clock: VirtualClock,
  providers: ReadonlyArray<AnyProvider>,
  milliseconds: number,
  options: WatchOptions = {},
  ledger?: Ledger
): Promise<ReadonlyArray<Change>> => {
  const changes: Change[] = []
  const abort = new AbortController()
  const watch = async () => {
    for await (const change of iterate(watchWith(providers, options), { clock, ledger, signal: abort.signal })) {
      changes.push(change)
    }
  }
  const watched = watch().catch((error: unknown) => {
    if (error !== abort.signal.reason) throw error
  })
  await Promise.race([clock.sleep(milliseconds), watched])
  abort.abort(new Error("enough"))
  await watched
  return changes
}

/** A change in short: `appeared a`, `status a: running -> stopped`, `stale fake`. */
export const brief = (change: Change): string => {
  if (!("ref" in change)) return `${change.type} ${change.provider}`
  const { type, ref, instance } = change
  return "before" in change && type === "status"
    ? `${type} ${ref.id}: ${change.before.status} -> ${instance.status}`
    : `${type} ${ref.id}`
}

/** What came of one look: a listing, or an error. */
export type Step = Listing<Instance> | keyof Omit<typeof errors, "limited">

const source = { provider: "fake", kind: "vm" } as const

/** Looks one after the other; what each said. */
export const looksAt = (steps: ReadonlyArray<Step>, initial = true): ReadonlyArray<ReadonlyArray<Change>> => {
  let known: Known = nothingKnown
  return steps.map((step, index) => {
    const look =
      typeof step === "string"
        ? failedLook(known, errors[step], source, DateTime.makeUnsafe(index))
        : listedLook(known, step, source, initial)
    known = look.known
    return look.changes
  })
}
