import type { VirtualClock } from "../clock.ts"
import type { Armory, FaultEffect } from "./fault.ts"
import { failure, isObject, type Reply } from "./http.ts"
import { keepStopped } from "./lifecycle.ts"
import { dispatch, type Gate, type Incoming } from "./router.ts"
import { settle } from "./time.ts"
import { findMachine, type World } from "./world.ts"

/**
 * How a request ends on the wire, whatever carries it.
 *
 * - `answer`: a whole response. `cut`: the body stops in the middle and the connection breaks. `lost`: no answer.
 */
export interface Exchange {
  readonly kind: "answer" | "cut" | "lost"
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What an exchange needs: the world, its clock, the gate and the faults in wait. */
export interface Site {
  readonly world: World
  readonly clock: VirtualClock
  readonly gate: Gate
  readonly armory: Armory
}

type Effect<Kind extends FaultEffect["kind"]> = Extract<FaultEffect, { kind: Kind }>

const lost: Exchange = { kind: "lost", status: 0, headers: {}, body: "" }

const answer = (reply: Reply): Exchange => ({
  kind: "answer",
  status: reply.status,
  headers: {
    "content-type": reply.contentType ?? (reply.text === undefined ? "application/json" : "text/plain; charset=utf-8"),
    ...reply.headers
  },
  body: reply.text ?? JSON.stringify(reply.json ?? null)
})

const staticAnswer = ({ status, json, text, contentType, headers }: Effect<"status">): Exchange =>
  answer({
    status,
    ...(text === undefined ? { json: json ?? { success: false, msg: `simulated ${status}` } } : { text }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(headers === undefined ? {} : { headers })
  })

/** The ways a create loses its offer, each in the words of its status. Source: Vast docs, PUT /api/v0/asks/{id}/. */
const noCapacity = (status: 404 | 410 | 400, offer: string): Reply => {
  const ask = { ask_id: Number(offer) }
  if (status === 410)
    return failure(
      410,
      "no_such_ask",
      `error 410/3907: no_such_ask Instance type ${offer} is no longer available.`,
      ask
    )
  // 400 with no_such_ask for a stale offer was observed by other clients.
  const error = status === 404 ? "invalid_args" : "no_such_ask"
  return failure(status, error, `error ${status}/3603: no_such_ask Instance type by id ${offer} is not available.`, ask)
}

const refusal = (world: World, { error, msg, made }: Effect<"refuse">, act: () => Reply): Reply => {
  if (made !== true) return failure(200, error, msg)
  const { json } = act()
  const contract = isObject(json) ? json.new_contract : undefined
  if (typeof contract !== "number") return failure(200, error, msg)
  const machine = findMachine(world, contract)
  if (machine !== undefined) keepStopped(world, machine, null)
  return failure(200, error, msg, { new_contract: contract })
}

const withStatus = (reply: Reply, actual_status: string): Reply => {
  if (!isObject(reply.json) || !("instances" in reply.json)) return reply
  const change = (row: unknown) => (isObject(row) ? { ...row, actual_status } : row)
  const { instances } = reply.json
  return {
    ...reply,
    json: { ...reply.json, instances: Array.isArray(instances) ? instances.map(change) : change(instances) }
  }
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })

/** Ends a request by a fault; `act` makes its effect take place, once. */
const endBy = async (
  effect: FaultEffect,
  { world }: Site,
  { url }: Incoming,
  signal: AbortSignal,
  act: () => Reply
): Promise<Exchange> => {
  switch (effect.kind) {
    case "latency":
      return answer(act())
    case "status":
      return staticAnswer(effect)
    case "reset-before":
      return lost
    case "reset-after":
      act()
      return lost
    case "truncate": {
      const whole = answer(act())
      if (effect.clean !== true) return { ...whole, kind: "cut" }
      return { ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) }
    }
    case "malformed":
      return { ...answer(act()), body: effect.text ?? "{'success': True, ]" }
    case "refuse":
      return answer(refusal(world, effect, act))
    case "hang":
      if (effect.effect === true) act()
      return untilAborted(signal)
    case "capacity":
      return answer(noCapacity(effect.status ?? 410, url.pathname.split("/").at(-2) ?? ""))
    case "unknown-status":
      return answer(withStatus(act(), effect.actual_status ?? "hibernating"))
  }
}

/**
 * Carries one request through faults, time and the router.
 *
 * - An auto clock is held while the world works, and free while a request waits by `latency` or `hang`.
 * - Rejects with the signal's reason when the request is aborted before its effect.
 */
export const exchange = async (site: Site, incoming: Incoming, signal: AbortSignal): Promise<Exchange> => {
  const { world, clock, gate, armory } = site
  signal.throwIfAborted()
  const effects = armory.take(incoming.method, incoming.url.pathname)
  const latency = effects.reduce((sum, effect) => sum + (effect.kind === "latency" ? effect.ms : 0), 0)
  if (latency > 0) await clock.sleep(latency, signal)
  const release = clock.hold()
  const act = () => {
    settle(world, clock.now())
    return dispatch(world, incoming, gate)
  }
  try {
    settle(world, clock.now())
    const effect = effects.find(({ kind }) => kind !== "latency")
    if (effect === undefined) return answer(act())
    const ending = endBy(effect, site, incoming, signal, act)
    if (effect.kind === "hang") release()
    return await ending
  } finally {
    release()
  }
}
