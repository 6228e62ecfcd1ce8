import type { VirtualClock } from "../clock.ts"
import { type Cloud, type Exchange, exchange } from "./exchange.ts"
import { type CommonEffect, createArmory, type Fault, type OwnEffect } from "./fault.ts"
import type { Incoming, Reply } from "./http.ts"
import type { SimulatedSsh } from "./keeper.ts"
import type { Past } from "./past.ts"
import type { SimulatorServer } from "./server.ts"
import { locationOf, redirected, toResponse } from "./transport.ts"
import type { MachineTruth } from "./truth.ts"

/** One request a simulator has seen. `at` is virtual. */
export interface RequestRecord {
  readonly at: number
  readonly method: string
  /** With its query. */
  readonly path: string
  /** The moment of the world that the answer shows: when it was made, or earlier when it was stale. */
  readonly asOf: number
  /** The HTTP status, or `lost` when the client never got an answer. */
  readonly status: number | "lost"
  /** Parsed, or text when it was no JSON. */
  readonly body: unknown
  /** Whether the request carried this simulator's key. */
  readonly authorized: boolean
  /** The `Idempotency-Key` header, if it had one. */
  readonly idempotencyKey?: string
  /** What faults did to it, as they were armed; empty when it met none. */
  readonly faults: ReadonlyArray<CommonEffect | OwnEffect>
}

/** The way to a simulator, whatever its cloud: what it answers, what was asked of it, and what goes wrong on the way. */
export interface Reachable<Own extends OwnEffect = never> {
  /** The key that is let in. */
  readonly apiKey: string
  readonly origin: string
  /** Patterns of every URL that it answers, for msw: all of its origin, and files on other hosts. */
  readonly urls: readonly string[]
  readonly clock: VirtualClock
  /**
   * Answers requests to the cloud's hosts, as a global fetch would.
   *
   * - Follows redirects, unless the request says `manual` or `error`. Another host is not found.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Serves the same API on 127.0.0.1 (default: any free port). Needs Node: rejects elsewhere. */
  listen(port?: number): Promise<SimulatorServer>
  /** Every request so far. */
  requests(): readonly RequestRecord[]
  /** Reports each request as soon as its answer is made, before the client has it; the returned function ends that. */
  onRequest(listener: (request: RequestRecord) => void): () => void
  /** Arms a fault; the returned function disarms it. */
  fault(fault: Fault<Own>): () => void
  /** Every machine ever made as it truly is, or as it was at an earlier moment since a `stale` fault was armed. */
  truth(moment?: number): readonly MachineTruth[]
}

/** What every simulator has; `Record` is what it shows of a machine in the cloud's own terms. */
export interface Simulator<Own extends OwnEffect = never, Record = unknown> extends Reachable<Own> {
  /** Every machine ever made, as it is now. */
  machines(): readonly Record[]
  /** What the account has now, in the cloud's currency. */
  balance(): number
  /** Its machines that can be logged in to. */
  readonly ssh: SimulatedSsh
  /** What was charged for machines so far, in the cloud's currency. */
  spent(): number
  /** Pays into the account (or takes out of it, when negative), in the cloud's currency. */
  addCredit(amount: number): void
  /** The whole world as JSON. Faults in wait and the record of requests aren't part of it. */
  snapshot(): string
}

/** A cloud as `createSimulator` takes it: its world behind an exchange, and how it is reached. */
export interface Site<Own extends OwnEffect, World>
  extends Omit<Cloud<Own>, "answerAsOf" | "wrote" | "answer" | "claim" | "deny"> {
  readonly apiKey: string
  readonly world: World
  readonly past: Past<World>
  /** Answers a request against a world, without faults. */
  answer(world: World, incoming: Incoming): Reply
  /** The same world, in which no machine was ever made. */
  withoutMachines(world: World): World
  /** Every machine ever made in a world. */
  truthIn(world: World): readonly MachineTruth[]
  /** Where the API is. */
  readonly origin: string
  /** Patterns of URLs on other hosts that are answered too, say of a file store: `https://files.example/logs/*`. */
  readonly otherUrls?: readonly string[]
  /** Whether a request carries the right key, for the record of requests. */
  authorized(incoming: Incoming): boolean
  /** The template of the route a request goes to, by which faults are aimed. */
  templateOf(method: string, path: string): string | undefined
}

const parsed = (body: string): unknown => {
  if (body === "") return undefined
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** As many redirects as fetch follows. */
const mostRedirects = 20

/**
 * Puts what every simulator has around a cloud: fetch, a loopback server, faults and the record of requests.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 */
export const createSimulator = <Own extends OwnEffect, World>(site: Site<Own, World>): Reachable<Own> => {
  const { apiKey, origin, clock, past, world } = site
  const cloud: Cloud<Own> = {
    ...site,
    answer: (incoming) => site.answer(world, incoming),
    answerAsOf: (incoming, moment) => site.answer(past.at(moment), incoming),
    claim: (incoming) => site.answer(past.copy(), incoming),
    deny: (incoming) => site.answer(site.withoutMachines(past.copy()), incoming),
    wrote: past.keep
  }
  const urls = [`${origin}/*`, ...(site.otherUrls ?? [])]
  const origins = urls.map((pattern) => new URL(pattern).origin)
  const armory = createArmory<Own>(site.templateOf)
  const records: RequestRecord[] = []
  const listeners = new Set<(request: RequestRecord) => void>()

  const carry = async (incoming: Incoming, signal: AbortSignal): Promise<Exchange> => {
    const at = clock.monotonic()
    const idempotencyKey = incoming.headers.get("idempotency-key")
    const faults = signal.aborted ? [] : armory.take(incoming.method, incoming.url.pathname)
    const record = (status: number | "lost", asOf = clock.monotonic()) => {
      const request: RequestRecord = {
        at,
        asOf,
        status,
        method: incoming.method,
        path: `${incoming.url.pathname}${incoming.url.search}`,
        body: parsed(incoming.body),
        authorized: site.authorized(incoming),
        faults,
        ...(idempotencyKey !== null && { idempotencyKey })
      }
      records.push(request)
      for (const listener of listeners) listener(request)
    }
    try {
      signal.throwIfAborted()
      const result = await exchange(cloud, faults, incoming, signal)
      await cloud.follow()
      const isAnswered = result.kind === "answer" || result.kind === "open"
      record(isAnswered ? result.status : "lost", result.asOf)
      return result
    } catch (error) {
      record("lost")
      throw error
    }
  }

  const fetchOne = async (request: Request, hops: number): Promise<Response> => {
    const url = new URL(request.url)
    if (!origins.includes(url.origin))
      throw new TypeError("fetch failed", {
        cause: Object.assign(new Error(`getaddrinfo ENOTFOUND ${url.hostname}`), { code: "ENOTFOUND" })
      })
    const release = clock.hold()
    const body = await request.text().finally(release)
    const { method, headers, signal } = request
    const result = await carry({ method, url, headers, body, server: null }, signal)
    const location = locationOf(result)
    if (location === undefined || request.redirect === "manual") return toResponse(result, url, request.signal)
    if (request.redirect === "error" || hops >= mostRedirects)
      throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") })
    return fetchOne(redirected(request, body, result.status, location), hops + 1)
  }

  return {
    apiKey,
    origin,
    urls,
    clock,
    fetch: async (input, init) => fetchOne(new Request(input, init), 0),
    listen: async (port = 0) => {
      const { serve } = await import("#serve")
      return serve(carry, port)
    },
    requests: () => [...records],
    onRequest: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    fault: (fault) => {
      if (fault.do.kind === "stale") {
        site.settle()
        past.begin()
      }
      return armory.arm(fault)
    },
    truth: (moment) => {
      site.settle()
      return site.truthIn(moment === undefined || moment >= clock.monotonic() ? world : past.at(moment))
    }
  }
}
