import type { ConformanceTest } from "./conformance-test.ts"
import {
  answers,
  type FaultEffect,
  type FaultProxyOptions,
  type MachineRequests,
  requestOf,
  type Send
} from "./fault-proxy.ts"
import type { Harness, SentRequest, VirtualTime } from "./harness.ts"
import { removeRows } from "./machine-controls.ts"
import { ConformanceError } from "./run.ts"

/** What a cloud does where its documents are silent. What is left out is as the simulator does it. */
export interface Habit {
  readonly name: string
  /** For so many milliseconds lists do not show a new machine; reads of it do. */
  readonly listsLate?: number
  /** For so many milliseconds reads of a new machine find none; lists show it. */
  readonly readsLate?: number
  /** What an end of a machine that is over already answers: not found, or a refusal (400). */
  readonly endsAgain?: "absent" | "refused"
  /** It changes no answer, and tells which of these habits would have changed one. */
  readonly watches?: HabitWatch
}

/** Hears which habits would have changed an answer. */
export interface HabitWatch {
  readonly habits: ReadonlyArray<Habit>
  readonly touched: (habit: Habit) => void
}

const lateBy = 20_000
const longAgo = Number.NEGATIVE_INFINITY

/**
 * The habits under which an adapter has to work where no document settles which of them its cloud has.
 *
 * - Delays are shorter than any `appearWithin`: a cloud that takes longer has a longer one in its timing.
 */
export const habits: ReadonlyArray<Habit> = [
  { name: "lists show a new machine late", listsLate: lateBy },
  { name: "reads find a new machine late", readsLate: lateBy },
  { name: "lists and reads find a new machine late", listsLate: lateBy, readsLate: lateBy },
  { name: "an end of what is over finds nothing", endsAgain: "absent" },
  { name: "an end of what is over is refused", endsAgain: "refused" }
]

/**
 * The same harness on a cloud of a habit.
 *
 * - Tests of which no machine is a part are left out: no habit changes how they end.
 * - Opening a world rejects with `ConformanceError` where the harness takes no habits: it would test nothing new.
 */
export const withHabit = (harness: Harness, habit: Habit): Harness => ({
  ...harness,
  habit,
  name: `${harness.name}, where ${habit.name}`,
  open: async () => {
    const world = await harness.open(habit)
    if (world.habit === habit) return world
    await world.close?.()
    throw new ConformanceError(`${harness.name}: its worlds do not take the habit they are opened with`)
  }
})

/** The runs of a harness on which habits are watched for. */
export interface WatchedRuns {
  /** The harness for one run of a test, which is noted. */
  harnessOf(test: ConformanceTest): Harness
  /** Whether the test has run, and the habit would have changed none of the answers that it got. */
  changesNothing(test: ConformanceTest, habit: Habit): boolean
}

/** Notes, as tests run without a habit, which of these would have changed an answer. */
export const watchHabits = (harness: Harness, habits: ReadonlyArray<Habit>): WatchedRuns => {
  const touchedIn = new Map<string, Set<Habit>>()
  return {
    harnessOf: ({ name }) => {
      const touched = new Set<Habit>()
      const watch: Habit = { name: "watched", watches: { habits, touched: (habit) => void touched.add(habit) } }
      return {
        ...harness,
        open: async () => {
          const { open } = withHabit(harness, watch)
          const world = await open()
          touchedIn.set(name, touched)
          return world
        }
      }
    },
    changesNothing: ({ name }, habit) => touchedIn.get(name)?.has(habit) === false
  }
}

/** What a habit needs to know of its cloud. */
export interface HabitPlace extends Pick<FaultProxyOptions, "fetch" | "isMutating"> {
  readonly machines: MachineRequests
  readonly time: Pick<VirtualTime, "now">
}

const namesIn = ({ path, body }: SentRequest): string => `${path} ${JSON.stringify(body ?? null)}`

/** Puts a habit, where there is one, on the way to a cloud, below everything that can go wrong on it. */
export const habitual = (habit: Habit | undefined, place: HabitPlace): Send => {
  if (habit?.watches === undefined) return habit === undefined ? place.fetch : onTheWay(habit, place)
  const { habits: watched, touched } = habit.watches
  return watched.reduce<Send>((fetch, one) => onTheWay(one, { ...place, fetch }, () => touched(one)), place.fetch)
}

/** A habit on the way to a cloud; with `touched` it changes nothing, and tells when it would have. */
const onTheWay = (
  { listsLate = 0, readsLate = 0, endsAgain }: Habit,
  { fetch, isMutating, machines, time }: HabitPlace,
  touched?: () => void
): Send => {
  const { isRead, isEnd, absent, refused, living } = machines
  /** When each machine was made: now for those of our own requests, long ago for those of others. */
  const births = new Map<string, number>()
  const over = endsAgain === "refused" ? answers(400, refused) : absent?.end

  const note = (birth: number): ReadonlySet<string> => {
    const alive = new Set(living())
    for (const id of alive) if (!births.has(id)) births.set(id, birth)
    return alive
  }
  const isYoung = (id: string, ms: number) => time.now() - (births.get(id) ?? longAgo) < ms
  const youngIn = (ids: Iterable<string>, ms: number) => [...ids].filter((id) => isYoung(id, ms))
  const isOver = (request: SentRequest, alive: ReadonlySet<string>) => {
    const named = [...births.keys()].filter((id) => namesIn(request).includes(id))
    return named.length > 0 && named.every((id) => !alive.has(id))
  }

  /** What a request comes to in place of its answer. */
  const inPlace = (request: SentRequest, alive: ReadonlySet<string>): FaultEffect | undefined => {
    if (endsAgain !== undefined && over && isEnd(request) && isOver(request, alive)) return over
    const isOfYoung = youngIn(alive, readsLate).some((id) => namesIn(request).includes(id))
    return isRead?.(request) && isOfYoung ? absent?.read : undefined
  }
  /** An answer without the machines that lists do not show yet; null where it has none of them. */
  const withoutYoung = async (response: Response): Promise<FaultEffect | null> => {
    const late = youngIn(births.keys(), listsLate)
    if (late.length === 0 || !response.headers.get("content-type")?.includes("json")) return null
    const body: unknown = await response.clone().json()
    const removed = late.reduce((sum, id) => sum + removeRows(body, id), 0)
    return removed === 0 ? null : answers(response.status, body)
  }

  return async (url, init) => {
    const request = requestOf(url, init, isMutating)
    const pass = () => fetch(url, init)
    const effect = inPlace(request, note(longAgo))
    if (effect && !touched) return effect(pass, init, url)
    if (effect) touched?.()
    const response = await pass()
    note(request.mutating ? time.now() : longAgo)
    const changed = request.mutating || isRead?.(request) ? null : await withoutYoung(response)
    if (changed && !touched) return changed(pass, init, url)
    if (changed) touched?.()
    return response
  }
}
