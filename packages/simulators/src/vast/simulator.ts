import { createClock } from "../clock.ts"
import { type Exchange, exchange } from "./exchange.ts"
import { createArmory } from "./fault.ts"
import { spentOn, toDollars } from "./money.ts"
import type { Gate, Incoming } from "./router.ts"
import { logOrigin } from "./routes/logs.ts"
import { createStrokes } from "./strokes.ts"
import { settle } from "./time.ts"
import { redirected, toResponse } from "./transport.ts"
import type { VastRequestRecord, VastServer, VastSimulator, VastSimulatorOptions } from "./types.ts"
import { createWorld, restoreWorld, storeWorld } from "./world.ts"

/** Carries a request that came in somewhere; `origin` is where logs can be read by whoever sent it. */
export type Carry = (incoming: Incoming, signal: AbortSignal, logOrigin: string) => Promise<Exchange>

const parsed = (body: string): unknown => {
  if (body === "") return undefined
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/**
 * Creates a simulated Vast.ai.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 * - Bandwidth, templates, volumes, teams, webhooks and reserved discounts aren't simulated.
 */
export const createVastSimulator = (options: VastSimulatorOptions = {}): VastSimulator => {
  const stored = options.snapshot === undefined ? undefined : restoreWorld(options.snapshot, options.boot ?? {})
  const clock = options.clock ?? createClock(stored === undefined ? {} : { start: new Date(stored.state.at) })
  const world =
    stored ??
    createWorld({
      seed: options.seed ?? 1,
      offers: options.offers ?? 60,
      credit: options.credit ?? 25,
      sshKeys: options.sshKeys ?? [],
      boot: options.boot ?? {},
      now: clock.now()
    })
  const apiKey = options.apiKey ?? "vast-sim-key-0123456789abcdef"
  const origin = new URL(options.origin ?? "https://console.vast.ai").origin
  const rateLimits = options.rateLimits ?? true
  const armory = createArmory()
  const records: VastRequestRecord[] = []

  const carry: Carry = async (incoming, signal, readAt) => {
    const gate: Gate = { apiKey, rateLimits, logOrigin: readAt }
    const record = (status: number | "lost") =>
      records.push({
        at,
        status,
        method: incoming.method,
        path: `${incoming.url.pathname}${incoming.url.search}`,
        body: parsed(incoming.body),
        authorized: incoming.authorization === `Bearer ${apiKey}`
      })
    const at = clock.now()
    try {
      const result = await exchange({ world, clock, gate, armory }, incoming, signal)
      record(result.kind === "answer" ? result.status : "lost")
      return result
    } catch (error) {
      record("lost")
      throw error
    }
  }

  const fetchOne = async (request: Request, hops: number): Promise<Response> => {
    const url = new URL(request.url)
    if (url.origin !== origin && url.origin !== logOrigin)
      throw new TypeError("fetch failed", {
        cause: Object.assign(new Error(`getaddrinfo ENOTFOUND ${url.hostname}`), { code: "ENOTFOUND" })
      })
    const release = clock.hold()
    const body = await request.text().finally(release)
    const authorization = request.headers.get("authorization")
    const result = await carry({ method: request.method, url, authorization, body }, request.signal, logOrigin)
    const location = result.headers.location
    if (result.status !== 301 || location === undefined || request.redirect === "manual") return toResponse(result, url)
    if (request.redirect === "error" || hops >= 20)
      throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") })
    return fetchOne(redirected(request, body, location), hops + 1)
  }

  const now = () => settle(world, clock.now())

  return {
    apiKey,
    origin,
    clock,
    fetch: async (input, init) => fetchOne(new Request(input, init), 0),
    listen: async (port = 0): Promise<VastServer> => {
      const { serve } = await import("./server.ts")
      return serve(carry, port)
    },
    requests: () => [...records],
    machines: () => {
      now()
      return world.state.machines.map((machine) => ({
        id: machine.id,
        label: machine.label,
        offerId: machine.offerId,
        actualStatus: machine.status.actual,
        isBid: machine.isBid,
        spent: spentOn(machine),
        alive: machine.destroyedAt === null
      }))
    },
    balance: () => {
      now()
      return toDollars(world.state.credit)
    },
    spent: () => {
      now()
      return toDollars(world.state.machines.reduce((sum, { meter }) => sum + meter.gpu + meter.storage, 0n))
    },
    fault: armory.arm,
    snapshot: () => {
      now()
      return storeWorld(world)
    },
    ...createStrokes(world, clock)
  }
}
