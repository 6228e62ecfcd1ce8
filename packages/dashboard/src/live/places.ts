import type { OperationContext } from "@anygpu/operations"
import { momentJson, timeJson } from "@anygpu/operations/encode"
import { errorJson, problemsJson } from "@anygpu/operations/failure"
import { launchesOf, withDetails } from "@anygpu/operations/run"
import type { Instance, Listing } from "anygpu"
import { isChanging } from "anygpu/effect"
import type { EntryOf } from "../protocol/index.ts"
import { type CloudKind, placeOf } from "./kinds.ts"
import type { Sightings } from "./sightings.ts"
import type { LiveState } from "./state.ts"

/** From one look at a cloud to the next, in milliseconds: while something is under way, and otherwise. */
const [movingEvery, calmEvery] = [5_000, 30_000]

/** The longest that errors ask to be left alone, in milliseconds. */
const askedPause = (errors: ReadonlyArray<unknown>): number =>
  Math.max(0, ...errors.map((error) => errorJson(error, false).retryAfterSeconds ?? 0)) * 1000

/** What looks at clouds work with. */
export interface PlaceLook {
  readonly context: Omit<OperationContext, "signal">
  readonly state: LiveState
  readonly sightings: Sightings
  /** Is called when a cloud has answered. */
  readonly answered: () => void
}

/** One look at the list of one kind of a cloud; answers in how many milliseconds the next one is due. */
export const lookAtPlace = (kind: CloudKind, { context, state, sightings, answered }: PlaceLook) => {
  const [place, { provider }] = [placeOf(kind), kind]
  let last: Pick<EntryOf<"place">, "state" | "answeredAt" | "error" | "problems"> = {
    ...{ state: "asking", answeredAt: null, error: null, problems: [] }
  }
  const say = (askedAt: string): void =>
    state.set([{ key: `place/${place}`, is: "place", provider, kind: kind.kind, askedAt, ...last }])

  const take = async (listing: Listing<Instance>, signal: AbortSignal): Promise<ReadonlyArray<Instance>> => {
    const there = listing.items.filter(({ status }) => status !== "terminated")
    // A cloud that has no machine costs no look at the ledger.
    const machines =
      there.length === 0 ? [] : await withDetails({ ...context, signal }, there, await launchesOf(context))
    sightings.see(listing, place, machines)
    const answeredAt = listing.complete ? timeJson(listing.observedAt) : last.answeredAt
    const problems = problemsJson(listing.problems)
    last = { state: listing.complete ? "answered" : "incomplete", answeredAt, error: null, problems }
    return machines
  }

  return async (signal: AbortSignal): Promise<number> => {
    const askedAt = momentJson(context.now())
    if (last.state === "asking") say(askedAt)
    try {
      const listing = await kind.list({ signal })
      const machines = await take(listing, signal)
      say(askedAt)
      answered()
      const errors = listing.problems.map(({ error }) => error)
      return Math.max(machines.some(isChanging) ? movingEvery : calmEvery, askedPause(errors))
    } catch (error) {
      if (signal.aborted) return 0
      last = { ...last, state: "failed", error: errorJson(error, false) }
      say(askedAt)
      return Math.max(calmEvery, askedPause([error]))
    }
  }
}
