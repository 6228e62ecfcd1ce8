import * as Duration from "effect/Duration"
import { type Moment, makeAges } from "../../elapsed.ts"
import type { LaunchRecord, MachineRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import type { Intent } from "../../model/status.ts"
import type { AnyDefinition } from "./any-definition.ts"
import { instanceOf } from "./assemble.ts"

/** How long a stop, and an end, may take to show before it counts as never carried out. */
const stopShows = Duration.minutes(2)
const endShows = Duration.minutes(10)

/** How long ago machines were made and things were asked of them, by the monotonic clock. */
export const freshness = <P extends string, K extends Kind, N>(definition: AnyDefinition<P, K, N>) => {
  const { createWithin, appearWithin } = definition.timing
  const ages = makeAges()

  /** How many milliseconds ago a machine was made at least. */
  const madeSince = (id: string, at: number, record: LaunchRecord | undefined, now: Moment): number => {
    // It may have been sent long after it was opened, and then took as long as a create may: more is a clock that was set.
    const most = (record?.sentAfter ?? 0) + Duration.toMillis(createWithin)
    const creating = record ? Math.min(Math.max(0, at - record.at), most) : 0
    return ages.of(`launch ${id}`, record ?? { at }, now) - creating
  }

  /** Whether a machine may be there and not show: so long after its launch, and never once it was seen. */
  const mayHide = (known: MachineRecord | null, record: LaunchRecord | undefined, now: Moment): boolean =>
    known?.intent != null &&
    known.firstSeen === null &&
    madeSince(known.ref.id, known.intent.at, record, now) < Duration.toMillis(appearWithin)

  /**
   * Whether a machine that does not show was launched so lately that it may be there all the same.
   *
   * - In a list also one that was seen, and one whose end was asked for: the next list may lag behind the one that showed it.
   */
  const isFresh = (known: MachineRecord, record: LaunchRecord | undefined, now: Moment, inList: boolean): boolean =>
    inList
      ? record !== undefined && mayHide({ ...known, firstSeen: null }, record, now)
      : known.intent?.action === "launch" && mayHide(known, record, now)

  /** What we asked that still explains what a cloud says: a machine that runs on past a stop was started elsewhere. */
  const standing = (id: string, intent: Intent | null, native: N, now: Moment): Intent | null => {
    const shows = intent?.action === "stop" ? stopShows : intent?.action === "terminate" ? endShows : null
    if (!intent || !shows || ages.of(`intent ${id}`, { at: intent.at }, now) < Duration.toMillis(shows)) return intent
    return instanceOf(definition, native, null, now.wall).status === "running" ? null : intent
  }

  return { mayHide, isFresh, standing }
}

/** What {@link freshness} makes. */
export type Freshness<P extends string, K extends Kind, N> = ReturnType<typeof freshness<P, K, N>>
