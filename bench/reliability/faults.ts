import type { CommonEffect, Fault, Random } from "@anygpu/simulators"
import type { CapacityEffect, Purpose } from "../cloud.ts"
import { benchCloud } from "../cloud-list.ts"

/** What a fault is counted as. */
export type Sort =
  | "answers lost, cut, late or refused"
  | "lists out of date"
  | "outages"
  | "creates that arrive minutes late"
  | "creates that find the offer taken"
  | "ends claimed and not done"
  | "machines denied while they live"
  | "a gateway's 404"
  | "a retired route's 410"

type Weighted = ReadonlyArray<readonly [weight: number, draw: (random: Random) => CommonEffect]>

const html = { text: "<html>502 Bad Gateway</html>", contentType: "text/html" }
const before: Weighted = [
  [4, () => ({ kind: "reset-before" })],
  [3, () => ({ kind: "status", status: 500 })],
  [2, () => ({ kind: "status", status: 502, ...html })],
  [3, () => ({ kind: "status", status: 429, headers: { "retry-after": "3" } })],
  [1, () => ({ kind: "hang" })],
  [3, (random) => ({ kind: "latency", ms: random.integer(1, 20) * 1000 })]
]
const after: Weighted = [
  [5, () => ({ kind: "reset-after" })],
  [4, () => ({ kind: "status", status: 500, effect: true })],
  [2, () => ({ kind: "truncate" })],
  [2, () => ({ kind: "truncate", clean: true })],
  [1, () => ({ kind: "malformed" })],
  [2, () => ({ kind: "hang", effect: true })]
]
/** Within the time that the adapters give a create: what comes later cannot be waited for by anybody. */
const late: Weighted = [[4, (random) => ({ kind: "late", ms: random.integer(5, 240) * 1000 })]]
/** Shorter than the time in which the adapters let a new machine stay invisible. */
const stale: Weighted = [[9, (random) => ({ kind: "stale", ms: random.integer(5, 45) * 1000 })]]

/** How often, and how, a request goes wrong; `first` is how many of them may. */
const plans: Readonly<Record<Purpose, { readonly share: number; readonly first: number; readonly effects: Weighted }>> =
  {
    offers: { share: 0.15, first: 4, effects: before },
    create: { share: 0.5, first: 5, effects: [...before, ...after, ...late] },
    list: { share: 0.25, first: 20, effects: [...before, ...stale, ...after.slice(2, 5)] },
    read: { share: 0.15, first: 30, effects: [...before, ...after.slice(2, 5)] },
    act: { share: 0.3, first: 5, effects: [...before, ...after] },
    end: { share: 0.4, first: 6, effects: [...before, ...after] }
  }

/** One fault of a run. */
export interface Planned {
  readonly cloud: string
  readonly sort: Sort
  readonly fault: Fault<CapacityEffect>
  /** Armed when this one strikes. */
  readonly next?: Planned
}

const drawFrom = (random: Random, effects: Weighted): CommonEffect => {
  let left = random.next() * effects.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, draw] of effects) {
    left -= weight
    if (left < 0) return draw(random)
  }
  return { kind: "reset-before" }
}

const purposes = Object.keys(plans) as ReadonlyArray<Purpose>

const sortOf = ({ kind }: CommonEffect): Sort => {
  if (kind === "late") return "creates that arrive minutes late"
  return kind === "stale" ? "lists out of date" : "answers lost, cut, late or refused"
}

/** A time in which a cloud's lists, or all of it, cannot be had, from some request on. */
const outage = (random: Random, cloud: string): Planned => {
  const on = random.next() < 0.5 ? benchCloud(cloud).routes.list : {}
  const effect: CommonEffect = random.next() < 0.5 ? { kind: "reset-before" } : { kind: "status", status: 503, ...html }
  return {
    cloud,
    sort: "outages",
    fault: { on, after: random.integer(1, 25), times: random.integer(3, 20), do: effect }
  }
}

const gateway = { status: 404, json: { message: "no Route matched with those values" } }
const retired = { status: 410, json: { error: "deprecated_endpoint" } }

/** Answers that somebody in the way of a cloud, or an end of a route's life, gives instead of it, a few times in a row. */
const strangeAnswers = (random: Random, cloud: string): Planned => {
  const [sort, answer] = random.pick([
    ["a gateway's 404", gateway],
    ["a retired route's 410", retired]
  ] as const)
  const on = random.pick([
    benchCloud(cloud).routes.end,
    benchCloud(cloud).routes.end,
    benchCloud(cloud).routes.read,
    benchCloud(cloud).routes.list,
    {}
  ])
  const times = random.integer(1, 8)
  return { cloud, sort, fault: { on, after: random.integer(0, 8), times, do: { kind: "status", ...answer } } }
}

const denial = (random: Random, cloud: string, after: number): Planned => ({
  ...{ cloud, sort: "machines denied while they live" },
  fault: { on: benchCloud(cloud).routes.read, after, times: random.integer(1, 4), do: { kind: "denied" } }
})

/** An end that is answered as done and does nothing, and often a machine that is denied right after it. */
const claim = (random: Random, cloud: string): Planned => ({
  ...{ cloud, sort: "ends claimed and not done" },
  fault: {
    ...{ on: benchCloud(cloud).routes.end, after: random.integer(0, 1), times: random.integer(1, 3) },
    do: { kind: "claimed" }
  },
  ...(random.next() < 0.7 && { next: denial(random, cloud, 0) })
})

const taken = (random: Random, cloud: string): Planned => ({
  ...{ cloud, sort: "creates that find the offer taken" },
  fault: { on: benchCloud(cloud).routes.create, after: random.integer(0, 1), do: { kind: "capacity" } }
})

const rare: ReadonlyArray<readonly [share: number, plan: (random: Random, cloud: string) => Planned]> = [
  [0.3, outage],
  [0.3, claim],
  [0.25, (random, cloud) => denial(random, cloud, random.integer(0, 12))],
  [0.25, strangeAnswers],
  [0.08, taken]
]

/** The faults of a run on a cloud: by the purpose of a request and its number, and now and then a rarer one. */
export const planFaults = (random: Random, cloud: string): ReadonlyArray<Planned> => [
  ...purposes.flatMap((purpose) => {
    const { share, first, effects } = plans[purpose]
    return Array.from({ length: first }, (_, index) => index)
      .filter(() => random.next() < share)
      .map((index): Planned => {
        const effect = drawFrom(random, effects)
        const on = benchCloud(cloud).routes[purpose]
        return { cloud, sort: sortOf(effect), fault: { on, after: index, times: 1, do: effect } }
      })
  }),
  ...rare.flatMap(([share, plan]) => (random.next() < share ? [plan(random, cloud)] : []))
]

/** A fault in words. */
export const tellFault = ({ cloud, fault: { on, after: skip = 0, times = 1, do: effect } }: Planned): string => {
  const which = times === 1 ? `request ${skip + 1}` : `requests ${skip + 1} to ${skip + times}`
  const { kind, ...how } = effect
  const about = Object.keys(how).length === 0 ? "" : ` ${JSON.stringify(how)}`
  return `${cloud} ${on.method ?? "any"} ${on.path ?? "path"}: ${which} ${kind}${about}`
}
