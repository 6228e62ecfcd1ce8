import { answers, type FaultProxyOptions, type MachineRequests, requestOf, type Send } from "./fault-proxy.ts"
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

/** What a habit needs to know of its cloud. */
export interface HabitPlace extends Pick<FaultProxyOptions, "fetch" | "isMutating"> {
  readonly machines: MachineRequests
  readonly time: Pick<VirtualTime, "now">
}

const namesIn = ({ path, body }: SentRequest): string => `${path} ${JSON.stringify(body ?? null)}`

/** Puts a habit, where there is one, on the way to a cloud, below everything that can go wrong on it. */
export const habitual = (habit: Habit | undefined, place: HabitPlace): Send =>
  habit === undefined ? place.fetch : withHabits(habit, place)

const withHabits = (
  { listsLate = 0, readsLate = 0, endsAgain }: Habit,
  { fetch, isMutating, machines, time }: HabitPlace
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
  const isOver = (request: SentRequest, alive: ReadonlySet<string>) => {
    const named = [...births.keys()].filter((id) => namesIn(request).includes(id))
    return named.length > 0 && named.every((id) => !alive.has(id))
  }

  return async (url, init) => {
    const request = requestOf(url, init, isMutating)
    const pass = () => fetch(url, init)
    const alive = note(longAgo)
    if (endsAgain !== undefined && over && isEnd(request) && isOver(request, alive)) return over(pass, init, url)
    const isOfYoung = [...alive].some((id) => isYoung(id, readsLate) && namesIn(request).includes(id))
    if (isRead?.(request) && absent && isOfYoung) return absent.read(pass, init, url)
    const response = await pass()
    note(request.mutating ? time.now() : longAgo)
    const isList = !request.mutating && !isRead?.(request)
    if (!isList || listsLate === 0 || !response.headers.get("content-type")?.includes("json")) return response
    const body: unknown = await response.json()
    for (const id of births.keys()) if (isYoung(id, listsLate)) removeRows(body, id)
    return answers(response.status, body)(pass, init, url)
  }
}
