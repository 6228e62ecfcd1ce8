import { Network } from "@anygpu/core"
import type { Transport, WireRequest } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import type { VirtualTime } from "./harness.ts"

/** An answer as the wire has it: JSON unless a text is given, no body without either. */
export interface Reply {
  /** 200 unless given. */
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  /** The content type; that of the body unless given. */
  readonly type?: string
  /** The connection breaks instead, and nobody knows whether the request took effect. */
  readonly lost?: boolean
  /** How many milliseconds the answer is under way. */
  readonly late?: number
}

/** One answer, or what makes it of the request and the number of those before it on this route. */
export type Script = Reply | ((request: WireRequest, call: number) => Reply)

/** What one route answers: always the same, or in turn (the last one for ever). */
export type Route = Script | ReadonlyArray<Script>

/** A request that was sent, with its route and the time. */
export interface Sent extends WireRequest {
  readonly route: string
  /** Parsed from JSON; undefined where there is no body. */
  readonly json: unknown
  /** Epoch milliseconds. */
  readonly at: number
}

/** A cloud that answers from a script, and what it was sent. */
export interface Scripted {
  readonly transport: Transport
  readonly sent: ReadonlyArray<Sent>
  /** The routes in the order of the requests. */
  routes(): ReadonlyArray<string>
  /** The requests to one route. */
  to(route: string): ReadonlyArray<Sent>
}

const isList = (route: Route): route is ReadonlyArray<Script> => Array.isArray(route)

const replyOf = (route: Route, request: WireRequest, call: number): Reply => {
  const script = isList(route) ? (route[Math.min(call, route.length - 1)] ?? {}) : route
  return typeof script === "function" ? script(request, call) : script
}

const typeOf = ({ text, json, type }: Reply): string | undefined =>
  type ?? (text === undefined ? (json === undefined ? undefined : "application/json") : "text/plain")

/**
 * A transport that answers each route, such as `GET /machines/7`, as its script says, and keeps what was sent.
 *
 * - `*` answers every route that has no script of its own. Without it, such a request fails the test.
 * - `base` is a path that all routes begin with and that is left out of their names.
 */
export const scripted = (routes: Readonly<Record<string, Route>>, time: VirtualTime, base = ""): Scripted => {
  const sent: Sent[] = []
  const calls = new Map<Route, number>()
  const transport: Transport = (request) =>
    Effect.suspend(() => {
      const route = `${request.method} ${decodeURIComponent(new URL(request.url).pathname).slice(base.length)}`
      const found = routes[route] ?? routes["*"]
      if (found === undefined) throw new Error(`nothing answers ${route}`)
      const call = calls.get(found) ?? 0
      calls.set(found, call + 1)
      const json: unknown = request.body === undefined ? undefined : JSON.parse(request.body)
      sent.push({ ...request, route, json, at: time.now() })
      const reply = replyOf(found, request, call)
      if (reply.lost) return Effect.fail(new Network({ message: "reset", retry: "temporary", sent: "maybe" }))
      const type = typeOf(reply)
      const answer = {
        status: reply.status ?? 200,
        headers: type === undefined ? {} : { "content-type": type },
        text: reply.text ?? JSON.stringify(reply.json) ?? ""
      }
      return reply.late ? Effect.as(Effect.sleep(reply.late), answer) : Effect.succeed(answer)
    })
  return {
    transport,
    sent,
    routes: () => sent.map(({ route }) => route),
    to: (route) => sent.filter((request) => request.route === route)
  }
}
