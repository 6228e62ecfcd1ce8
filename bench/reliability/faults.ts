import type { CommonEffect, Fault, Random } from "@anygpu/simulators"
import type { CloudName } from "./market.ts"

/** What a request is for. Faults are planned for each purpose, so that every client meets the same ones. */
export type Purpose = "offers" | "create" | "list" | "read" | "act" | "end"

type Route = Fault["on"]
type Weighted = ReadonlyArray<readonly [weight: number, draw: (random: Random) => CommonEffect]>

const route = (method: string, path: RegExp): Route => ({ method, path })

/** The requests of each cloud by their purpose. */
const routes: Readonly<Record<CloudName, Readonly<Record<Purpose, Route>>>> = {
  vast: {
    offers: route("POST", /^\/api\/v0\/bundles\//),
    create: route("PUT", /^\/api\/v0\/asks\//),
    list: route("GET", /^\/api\/v[01]\/instances\/$/),
    read: route("GET", /^\/api\/v0\/instances\/\d+\//),
    act: route("PUT", /^\/api\/v0\/instances\//),
    end: route("DELETE", /^\/api\/v0\/instances\//)
  },
  huddle: {
    offers: route("GET", /\/gpus\/available/),
    create: route("POST", /\/deployments\/clusters$/),
    list: route("GET", /\/deployments$/),
    read: route("GET", /\/deployments\/dep_/),
    act: route("POST", /\/actions$/),
    end: route("DELETE", /\/deployments\//)
  },
  fluence: {
    offers: route("GET", /^\/gpu\/plans\//),
    create: route("POST", /^\/gpu\/instances\/|^\/vms\/v3$/),
    list: route("GET", /^\/gpu\/instances\/(vms|baremetal)?$|^\/vms\/v[23]$/),
    read: route("GET", /^\/gpu\/instances\/.*-|^\/vms\/v3\/status/),
    act: route("PUT", /^\/gpu\/instances\//),
    end: route("DELETE", /^\/gpu\/instances\/|^\/vms\/v3$/)
  }
}

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
/** Shorter than the time in which the adapters let a new machine stay invisible. */
const stale: Weighted = [[9, (random) => ({ kind: "stale", ms: random.integer(5, 45) * 1000 })]]

/** How often, and how, a request goes wrong; `first` is how many of them may. */
const plans: Readonly<Record<Purpose, { readonly share: number; readonly first: number; readonly effects: Weighted }>> =
  {
    offers: { share: 0.15, first: 4, effects: before },
    create: { share: 0.5, first: 5, effects: [...before, ...after] },
    list: { share: 0.25, first: 20, effects: [...before, ...stale, ...after.slice(2, 5)] },
    read: { share: 0.15, first: 30, effects: [...before, ...after.slice(2, 5)] },
    act: { share: 0.3, first: 5, effects: [...before, ...after] },
    end: { share: 0.4, first: 6, effects: [...before, ...after] }
  }

/** One fault of a run. */
export interface Planned {
  readonly cloud: CloudName
  readonly fault: Fault
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

/** A time in which a cloud's lists, or all of it, cannot be had, from some request on. */
const outage = (random: Random, cloud: CloudName): Planned => {
  const on = random.next() < 0.5 ? routes[cloud].list : {}
  const effect: CommonEffect = random.next() < 0.5 ? { kind: "reset-before" } : { kind: "status", status: 503, ...html }
  return { cloud, fault: { on, after: random.integer(1, 25), times: random.integer(3, 20), do: effect } }
}

/** The faults of a run on a cloud: by the purpose of a request and its number, and now and then an outage. */
export const planFaults = (random: Random, cloud: CloudName): ReadonlyArray<Planned> => [
  ...purposes.flatMap((purpose) => {
    const { share, first, effects } = plans[purpose]
    return Array.from({ length: first }, (_, index) => index)
      .filter(() => random.next() < share)
      .map((index) => ({
        cloud,
        fault: { on: routes[cloud][purpose], after: index, times: 1, do: drawFrom(random, effects) }
      }))
  }),
  ...(random.next() < 0.3 ? [outage(random, cloud)] : [])
]

/** A fault in words. */
export const tellFault = ({ cloud, fault: { on, after: skip = 0, times = 1, do: effect } }: Planned): string => {
  const which = times === 1 ? `request ${skip + 1}` : `requests ${skip + 1} to ${skip + times}`
  const { kind, ...how } = effect
  const about = Object.keys(how).length === 0 ? "" : ` ${JSON.stringify(how)}`
  return `${cloud} ${on.method ?? "any"} ${on.path ?? "path"}: ${which} ${kind}${about}`
}
