import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { maskAssignments } from "../adapter/redact/mask.ts"
import { currentMoment, type Moment, makeAges, momentOn } from "../elapsed.ts"
import { type GpuError, NotFound } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord, MachineRecord } from "../ledger/ledger.ts"
import { type Facts, judge, type Verdict } from "../lifecycle.ts"
import { requestFaultIn } from "../model/boot-words.ts"
import { noEndpoints } from "../model/endpoints.ts"
import type { Instance, InstanceFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption } from "../model/launch-spec.ts"
import type { Listing } from "../model/listing.ts"
import { InstanceRef } from "../model/ref.ts"
import type { Action, Intent, Status } from "../model/status.ts"
import type { Definition, Operations } from "./definition.ts"

/** A definition whose native types do not matter to the code at hand. */
export type AnyDefinition<P extends string, K extends Kind, N> = Definition<
  P,
  K,
  LaunchOption,
  Facts,
  N,
  unknown,
  Partial<Operations<N>>
>

/** A machine just read: the common form, and the native one. */
export interface Observed<P extends string, K extends Kind, N> {
  readonly instance: Instance<P, K>
  readonly native: N
}

/** How long a stop, and an end, may take to show before it counts as never carried out. */
const stopShows = Duration.minutes(2)
const endShows = Duration.minutes(10)

const always: ReadonlySet<Action> = new Set(["terminate"])

/** More of a cloud's words is not kept. */
const mostSaid = 1000

/** A cloud's words as they may be shown: what was given to programs is taken out, as the values of variables. */
const shownWords = (said: string | null | undefined): string | null => {
  const shown = maskAssignments((said ?? "").trim())
  if (shown === "") return null
  return shown.length > mostSaid ? `${shown.slice(0, mostSaid)}…` : shown
}

/** The statuses of a machine that is not up yet, or never was. */
const beforeRunning: ReadonlySet<Status> = new Set(["pending", "provisioning", "starting", "failed"])

const emptyFacts = (id: string): InstanceFacts => ({
  id,
  name: null,
  marker: null,
  gpu: null,
  vcpus: null,
  memoryMiB: null,
  storageMiB: null,
  location: { country: null, region: null, native: null },
  price: null,
  interruptible: false,
  endpoints: noEndpoints,
  createdAt: null,
  endsAt: null,
  native: {}
})

/** Reading machines: payload and ledger in, {@link Instance} out. */
export const observer = <P extends string, K extends Kind, N>(definition: AnyDefinition<P, K, N>) => {
  const { provider, kind, operations, timing, bootFaults } = definition
  const refOf = (id: string) => new InstanceRef(provider, kind, id)
  const able = (action: Action) => always.has(action) || (operations as Record<string, unknown>)[action] !== undefined

  /** The cloud's words about a boot go before its table where they blame the request: no other host will do better. */
  const reasonOf = ({ status, reason }: Verdict, said: string): Verdict["reason"] =>
    said !== "" && beforeRunning.has(status) && reason !== "no-capacity" && requestFaultIn(said, bootFaults)
      ? "invalid-request"
      : reason

  const assemble = (
    { id, said: words, ...facts }: InstanceFacts,
    verdict: Verdict,
    view: Instance["view"],
    now: number
  ): Instance<P, K> => ({
    ref: refOf(id),
    ...facts,
    ...verdict,
    reason: reasonOf(verdict, words ?? ""),
    actions: verdict.actions.filter((action) => able(action) && (action !== "changeBid" || facts.interruptible)),
    said: shownWords(words),
    view,
    observedAt: DateTime.makeUnsafe(now)
  })

  /** The instance that a payload, and what we asked last, amount to. Pure. */
  const instanceOf = (native: N, intent: Intent | null, now: number, view: Instance["view"] = "detail") =>
    assemble(
      definition.describe(native),
      judge(definition.lifecycle, definition.facts(native, { intent, now })),
      view,
      now
    )

  /** A launched machine that the cloud does not show yet: it may cost money already. */
  const unseen = (id: string, record: LaunchRecord | undefined, now: number) =>
    assemble(
      {
        ...emptyFacts(id),
        name: record?.name ?? null,
        marker: record?.marker ?? null,
        price: record?.price ?? null,
        createdAt: record ? DateTime.makeUnsafe(record.at) : null
      },
      { status: "pending", reason: "not-visible-yet", billing: "unknown", actions: ["terminate"] },
      "summary",
      now
    )

  const recordOf = Effect.fnUntraced(function* (id: string) {
    const ledger = yield* CurrentLedger
    return (yield* ledger.launches({ provider, kind, instanceId: id })).at(-1)
  })

  const ages = makeAges()

  /** How many milliseconds ago a machine was made at least. */
  const madeSince = (id: string, at: number, record: LaunchRecord | undefined, now: Moment): number => {
    const creating = record ? Math.min(Math.max(0, at - record.at), Duration.toMillis(timing.createWithin)) : 0
    return ages.of(`launch ${id}`, record ?? { at }, now) - creating
  }

  /** Whether a machine may be there and not show: so long after its launch, and never once it was seen. */
  const mayHide = (known: MachineRecord | null, record: LaunchRecord | undefined, now: Moment): boolean =>
    known?.intent != null &&
    known.firstSeen === null &&
    madeSince(known.ref.id, known.intent.at, record, now) < Duration.toMillis(timing.appearWithin)

  /**
   * Whether a machine that does not show was launched so lately that it may be there all the same.
   *
   * - In a list also one that was seen: the next list may lag behind the one that showed it.
   */
  const isFresh = (known: MachineRecord, record: LaunchRecord | undefined, now: Moment, inList: boolean): boolean =>
    known.intent?.action === "launch" && mayHide(inList ? { ...known, firstSeen: null } : known, record, now)

  /** What we asked that still explains what a cloud says: a machine that runs on past a stop was started elsewhere. */
  const standing = (id: string, intent: Intent | null, native: N, now: Moment): Intent | null => {
    const shows = intent?.action === "stop" ? stopShows : intent?.action === "terminate" ? endShows : null
    if (!intent || !shows || ages.of(`intent ${id}`, { at: intent.at }, now) < Duration.toMillis(shows)) return intent
    return instanceOf(native, null, now.wall).status === "running" ? null : intent
  }

  /** One machine as the cloud and the ledger know it; null when it is gone or was never there. */
  const look = (id: string): Effect.Effect<Observed<P, K, N> | null, GpuError> =>
    Effect.flatMap(definition.read(id), (native) => {
      if (native === null) return Effect.succeed(null)
      return Effect.withFiber((fiber) => {
        const ledger = fiber.getRef(CurrentLedger)
        const ref = refOf(id)
        return Effect.flatMap(ledger.machine(ref), (known) => {
          const moment = momentOn(fiber.getRef(Clock.Clock))
          const now = moment.wall
          const intent = standing(id, known?.intent ?? null, native, moment)
          const observed = { instance: instanceOf(native, intent, now), native }
          // Reading goes on when the ledger cannot be written: what it misses now, it notes at the next look.
          const news = [
            ...(known?.firstSeen == null ? [Effect.ignore(ledger.seen([ref], now))] : []),
            ...(known?.intent && intent === null ? [Effect.ignore(ledger.intend(ref, null))] : [])
          ]
          return news.length > 0 ? Effect.as(Effect.all(news), observed) : Effect.succeed(observed)
        })
      })
    })

  /** What is told of a machine that the cloud does not show. */
  const absent = Effect.fnUntraced(function* (id: string): Effect.fn.Return<Instance<P, K>, GpuError> {
    const ledger = yield* CurrentLedger
    const known = yield* ledger.machine(refOf(id))
    const moment = yield* currentMoment
    const now = moment.wall
    if (known === null) {
      return yield* new NotFound({
        message: `${provider} knows no ${kind} "${id}", and this ledger has never seen it; list() shows what is there`,
        retry: "permanent",
        ref: refOf(id)
      })
    }
    const record = yield* recordOf(id)
    if (known.goneAt === null && isFresh(known, record, moment, definition.readsLists === true))
      return unseen(id, record, now)
    if (known.goneAt === null && known.firstSeen !== null) yield* Effect.ignore(ledger.gone(refOf(id), now))
    return assemble(
      { ...emptyFacts(id), name: record?.name ?? null, marker: record?.marker ?? null },
      {
        status: "terminated",
        reason: known.intent?.action === "terminate" ? "ended-by-user" : null,
        billing: "none",
        actions: []
      },
      "summary",
      now
    )
  })

  const get = (id: string): Effect.Effect<Instance<P, K>, GpuError> =>
    Effect.flatMap(look(id), (observed) => (observed ? Effect.succeed(observed.instance) : absent(id)))

  /** Every machine, with what the ledger knows of each; freshly launched ones that no list shows yet are added. */
  const list = Effect.fnUntraced(function* (): Effect.fn.Return<Listing<Instance<P, K>>, GpuError> {
    const listing = yield* definition.readAll()
    const ledger = yield* CurrentLedger
    const known = yield* ledger.machines(provider, kind)
    const moment = yield* currentMoment
    const now = moment.wall
    const view = definition.listKnowsLess ? "summary" : "detail"
    const instances = listing.items.map((native) => {
      const { id } = definition.describe(native)
      return instanceOf(native, standing(id, known.get(id)?.intent ?? null, native, moment), now, view)
    })
    const shown = new Set(instances.map(({ ref }) => ref.id))
    for (const [id, machine] of known) {
      if (shown.has(id) || machine.goneAt !== null || machine.intent?.action !== "launch") continue
      const record = yield* recordOf(id)
      if (isFresh(machine, record, moment, true)) instances.push(unseen(id, record, now))
    }
    const strangers = instances.filter(({ ref }) => shown.has(ref.id) && known.get(ref.id)?.firstSeen == null)
    if (strangers.length > 0) {
      const refs = strangers.map(({ ref }) => ref)
      yield* Effect.ignore(ledger.seen(refs, now))
    }
    return listing.with(instances)
  })

  return { refOf, instanceOf, mayHide, unseen, recordOf, look, get, list }
}

/** What {@link observer} makes. */
export type Observer<P extends string, K extends Kind, N> = ReturnType<typeof observer<P, K, N>>
