import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { maskAssignments } from "../adapter/redact/mask.ts"
import { currentMoment, type Moment, makeAges, momentOn } from "../elapsed.ts"
import type { GpuError } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord, MachineRecord } from "../ledger/ledger.ts"
import type { Facts, Verdict } from "../lifecycle.ts"
import { requestFaultIn } from "../model/boot-words.ts"
import { soundEndpoints } from "../model/endpoints.ts"
import type { Instance, InstanceFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption } from "../model/launch-spec.ts"
import type { Listing } from "../model/listing.ts"
import { InstanceRef } from "../model/ref.ts"
import type { Action, Intent, Status } from "../model/status.ts"
import { againAt, isOver, prover } from "./absence.ts"
import type { Definition, Operations } from "./definition.ts"
import { underFullName } from "./full-name.ts"
import type { Guards } from "./guard.ts"
import { ofKind, withProblems } from "./listed.ts"
import { MachinesAlone } from "./machines-alone.ts"
import { sights } from "./sight.ts"
import { notVisibleYet, provenGone, unshownFacts } from "./unshown.ts"

/** A definition as its adapter gives it, whose native types do not matter to the code at hand. */
export type RawDefinition<P extends string, K extends Kind, N> = Definition<
  P,
  K,
  LaunchOption,
  Facts,
  N,
  unknown,
  Partial<Operations<N>>
>

/** The same with the guards that `guarded` puts around its mapping. */
export type AnyDefinition<P extends string, K extends Kind, N> = RawDefinition<P, K, N> & Guards<N>

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

/** Reading machines: payload and ledger in, {@link Instance} out. */
export const observer = <P extends string, K extends Kind, N>(definition: AnyDefinition<P, K, N>) => {
  const { provider, kind, operations, timing, bootFaults, account } = definition
  const { prove, checkAnswer, otherKind, wrongKind } = prover(definition)

  /** Whether the ledger does not know yet that a machine was seen, and with which key. */
  const isNews = (known: MachineRecord | null | undefined): boolean =>
    known?.firstSeen == null || (account !== undefined && !account.isOfKey(known.account))

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
    endpoints: soundEndpoints(facts.endpoints),
    ...verdict,
    reason: reasonOf(verdict, words ?? ""),
    actions: verdict.actions.filter((action) => able(action) && (action !== "changeBid" || facts.interruptible)),
    said: shownWords(words),
    view,
    observedAt: DateTime.makeUnsafe(now)
  })

  /** The instance that a payload, and what we asked last, amount to. Pure. */
  const instanceOf = (native: N, intent: Intent | null, now: number, view: Instance["view"] = "detail") =>
    assemble(definition.describe(native), definition.verdictOf(native, { intent, now }), view, now)

  /** A launched machine that the cloud does not show yet: it may cost money already. */
  const unseen = (id: string, record: LaunchRecord | undefined, now: number) =>
    assemble(
      {
        ...unshownFacts(id, record),
        price: record?.price ?? null,
        createdAt: record ? DateTime.makeUnsafe(record.at) : null
      },
      notVisibleYet,
      "summary",
      now
    )

  /** What is said of a machine that is proven gone. */
  const ended = (id: string, { intent, name }: MachineRecord, record: LaunchRecord | undefined, now: number) =>
    assemble({ ...unshownFacts(id, record), ...(name !== undefined && { name }) }, provenGone(intent), "summary", now)

  const recordOf = Effect.fnUntraced(function* (id: string) {
    const ledger = yield* CurrentLedger
    return (yield* ledger.launches({ provider, kind, instanceId: id })).at(-1)
  })

  const ages = makeAges()

  /** How many milliseconds ago a machine was made at least. */
  const madeSince = (id: string, at: number, record: LaunchRecord | undefined, now: Moment): number => {
    // It may have been sent long after it was opened, and then took as long as a create may: more is a clock that was set.
    const most = (record?.sentAfter ?? 0) + Duration.toMillis(timing.createWithin)
    const creating = record ? Math.min(Math.max(0, at - record.at), most) : 0
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

  /** Whether a row says something that is in no document of the cloud, or that cannot be read. */
  const isOdd = (native: N, now: number): boolean => definition.isStrange(native, { intent: null, now })

  /**
   * When a machine that was verified gone is there all the same, by an answer that was asked for after that; null when not.
   *
   * - What remains of an ended machine does not count, nor a read in words that nobody knows: the list judges those.
   */
  const showsAgain = (
    known: MachineRecord | null | undefined,
    { instance, native }: Observed<P, K, N>,
    [began, now]: readonly [began: number, now: number],
    by: "read" | "list"
  ): number | null => (isOver(instance) || (by === "read" && isOdd(native, began)) ? null : againAt(known, began, now))

  const listView = definition.listKnowsLess ? "summary" : "detail"

  /** What a row amounts to, if it is this machine, and of this kind: a launch of this ledger tells that better. */
  const admit = (
    id: string,
    native: N,
    by: "read" | "list",
    began: number
  ): Effect.Effect<Observed<P, K, N>, GpuError> => {
    const wrong = checkAnswer(id, native)
    if (wrong) return Effect.fail(wrong)
    const told = otherKind(native)
    const observed = Effect.withFiber<Observed<P, K, N>, GpuError>((fiber) => {
      const ledger = fiber.getRef(CurrentLedger)
      const ref = refOf(id)
      return Effect.flatMap(ledger.machine(ref), (known) => {
        const moment = momentOn(fiber.getRef(Clock.Clock))
        const now = moment.wall
        const intent = standing(id, known?.intent ?? null, native, moment)
        const view = by === "list" ? listView : "detail"
        const seen = { instance: underFullName(instanceOf(native, intent, now, view), known), native }
        const again = showsAgain(known, seen, [began, now], by)
        // Reading goes on when the ledger cannot be written: what it misses now, it notes at the next look.
        const news = [
          ...(isNews(known) ? [Effect.ignore(ledger.seen([ref], now, account?.known()))] : []),
          ...(again === null ? [] : [Effect.ignore(ledger.seen([ref], again))]),
          ...(known?.intent && intent === null ? [Effect.ignore(ledger.intend(ref, null))] : [])
        ]
        return news.length > 0 ? Effect.as(Effect.all(news), seen) : Effect.succeed(seen)
      })
    })
    if (told === null) return observed
    return Effect.flatMap(recordOf(id), (launch) => (launch ? observed : Effect.fail(wrongKind(id, told))))
  }

  /** Every machine, with what the ledger knows of each; freshly launched ones that no list shows yet are added. */
  const list = Effect.fnUntraced(function* (): Effect.fn.Return<Listing<Instance<P, K>>, GpuError> {
    const machines = yield* definition.readAll()
    const moment = yield* currentMoment
    const now = moment.wall
    const listing = definition.besides && !(yield* MachinesAlone) ? yield* definition.besides(machines) : machines
    const ledger = yield* CurrentLedger
    const known = yield* ledger.machines(provider, kind)
    const natives = yield* ofKind(definition, listing.items, known)
    const rows = natives.map((native) => {
      const facts = definition.describe(native)
      const machine = known.get(facts.id)
      const intent = standing(facts.id, machine?.intent ?? null, native, moment)
      const instance = assemble(facts, definition.verdictOf(native, { intent, now }), listView, now)
      return { native, instance: underFullName(instance, machine) }
    })
    const began = listing.observedAt.epochMilliseconds
    for (const row of rows) {
      const { ref } = row.instance
      const again = showsAgain(known.get(ref.id), row, [began, now], "list")
      if (again !== null) yield* Effect.ignore(ledger.seen([ref], again))
    }
    const instances = rows.map(({ instance }) => instance)
    const shown = new Set(instances.map(({ ref }) => ref.id))
    for (const [id, machine] of known) {
      if (shown.has(id) || machine.goneAt !== null || machine.intent?.action !== "launch") continue
      const record = yield* recordOf(id)
      if (isFresh(machine, record, moment, true)) instances.push(unseen(id, record, now))
    }
    const strangers = instances.map(({ ref }) => ref).filter(({ id }) => shown.has(id) && isNews(known.get(id)))
    if (strangers.length > 0) yield* Effect.ignore(ledger.seen(strangers, now, account?.known()))
    return withProblems(listing, instances)
  })

  const rows = { refOf, instanceOf, mayHide, isFresh, isOdd, unseen, ended, recordOf, admit, prove }
  return { ...rows, ...sights(definition, rows), list }
}

/** What {@link observer} makes. */
export type Observer<P extends string, K extends Kind, N> = ReturnType<typeof observer<P, K, N>>
