import type { VirtualClock } from "../clock.ts"
import type { CommonEffect, OwnEffect } from "./fault.ts"
import type { Incoming, Reply } from "./http.ts"

/**
 * How a request ends on the wire, whatever carries it.
 *
 * - `answer`: a whole response. `open`: a response that goes on until its reader has left. `cut`: the body stops in the
 *   middle and the connection breaks. `lost`: no answer.
 */
export interface Exchange {
  readonly kind: "answer" | "open" | "cut" | "lost"
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The moment of the world that it was made of. */
  readonly asOf?: number
}

/** The cloud behind an exchange. */
export interface Cloud<Own extends OwnEffect> {
  readonly clock: VirtualClock
  /** Lets the world live until the clock's now. */
  settle(): void
  /** Makes the machines that can be logged in to what the cloud has. */
  follow(): Promise<void>
  /** Answers a request against the world, without faults. */
  answer(incoming: Incoming): Reply
  /** Answers a request against the world as it was at a moment. */
  answerAsOf(incoming: Incoming, moment: number): Reply
  /** Answers a request as if it had been carried out, and does nothing. */
  claim(incoming: Incoming): Reply
  /** Answers a request as if there were no machines, and does nothing. */
  deny(incoming: Incoming): Reply
  /** A write took place. */
  wrote(): void
  /** Ends a request by an effect of this cloud's own; `act` makes the request's effect take place, once. */
  endBy(effect: Own, incoming: Incoming, act: () => Reply): Reply
  /** The JSON body of a `status` fault that names none. */
  faultBody(status: number): unknown
}

const commonKinds: Readonly<Record<CommonEffect["kind"], true>> = {
  latency: true,
  status: true,
  "reset-before": true,
  "reset-after": true,
  truncate: true,
  malformed: true,
  hang: true,
  late: true,
  claimed: true,
  denied: true,
  stale: true
}

const isCommon = <Own extends OwnEffect>(effect: CommonEffect | Own): effect is CommonEffect =>
  Object.hasOwn(commonKinds, effect.kind)

const lost: Exchange = { kind: "lost", status: 0, headers: {}, body: "" }

const bodyOf = ({ json, text }: Reply): string => {
  if (text !== undefined) return text
  return json === undefined ? "" : JSON.stringify(json)
}

const answer = (reply: Reply): Exchange => {
  const type = reply.contentType ?? (reply.text === undefined ? "application/json" : "text/plain; charset=utf-8")
  const empty = reply.text === undefined && reply.json === undefined && reply.contentType === undefined
  return {
    kind: reply.staysOpen === true ? "open" : "answer",
    status: reply.status,
    headers: { ...(empty ? {} : { "content-type": type }), ...reply.headers },
    body: bodyOf(reply)
  }
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })

/** What a common fault needs to end a request. */
interface Ending<Own extends OwnEffect> {
  readonly cloud: Cloud<Own>
  readonly incoming: Incoming
  readonly signal: AbortSignal
  /** Makes the request's effect take place, once. */
  readonly act: () => Reply
}

/** Ends a request by a fault that every cloud has; `stale` is handled before. */
const endByCommon = <Own extends OwnEffect>(
  effect: Exclude<CommonEffect, { readonly kind: "stale" }>,
  { cloud, incoming, signal, act }: Ending<Own>
): Exchange | Promise<Exchange> => {
  switch (effect.kind) {
    case "latency":
      return answer(act())
    case "status": {
      const { kind: _, effect: takesPlace, ...reply } = effect
      if (takesPlace === true) act()
      return answer(effect.text === undefined ? { json: cloud.faultBody(effect.status), ...reply } : reply)
    }
    case "reset-before":
      return lost
    case "reset-after":
      act()
      return lost
    case "truncate": {
      const whole = answer(act())
      if (effect.clean !== true) return { ...whole, kind: "cut" }
      return { ...whole, kind: "answer", body: whole.body.slice(0, Math.floor(whole.body.length / 2)) }
    }
    case "malformed":
      return { ...answer(act()), body: effect.text ?? "{'success': True, ]" }
    case "hang":
      if (effect.effect === true) act()
      return untilAborted(signal)
    case "late":
      return Promise.race([cloud.clock.sleep(effect.ms).then(() => answer(act())), untilAborted(signal)])
    case "claimed":
      return answer(cloud.claim(incoming))
    case "denied":
      return answer(cloud.deny(incoming))
  }
}

/**
 * Carries one request through time, the faults that hit it and the cloud.
 *
 * - An auto clock is held while the world works, and free while a request waits by `latency`, `late` or `hang`.
 * - Rejects with the signal's reason when the request is aborted before its effect.
 */
export const exchange = async <Own extends OwnEffect>(
  cloud: Cloud<Own>,
  effects: ReadonlyArray<CommonEffect | Own>,
  incoming: Incoming,
  signal: AbortSignal
): Promise<Exchange> => {
  const { clock } = cloud
  const latency = effects.reduce(
    (sum, effect) => sum + (isCommon(effect) && effect.kind === "latency" ? effect.ms : 0),
    0
  )
  if (latency > 0) await clock.sleep(latency, signal)
  await cloud.follow()
  const release = clock.hold()
  const act = () => {
    cloud.settle()
    const reply = cloud.answer(incoming)
    if (incoming.method !== "GET") cloud.wrote()
    return reply
  }
  try {
    cloud.settle()
    const effect = effects.find(({ kind }) => kind !== "latency")
    if (effect === undefined) return answer(act())
    if (!isCommon(effect)) return answer(cloud.endBy(effect, incoming, act))
    if (effect.kind === "stale") {
      if (incoming.method !== "GET") return answer(act())
      const asOf = clock.monotonic() - effect.ms
      return { ...answer(cloud.answerAsOf(incoming, asOf)), asOf }
    }
    const ending = endByCommon(effect, { cloud, incoming, signal, act })
    if (effect.kind === "hang" || effect.kind === "late") release()
    return await ending
  } finally {
    release()
  }
}
