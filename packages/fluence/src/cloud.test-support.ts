import { CurrentLedger, clockFrom, type GpuError, isGpuError, memoryLedger } from "@anygpu/core"
import type { Transport, WireRequest, WireResponse } from "@anygpu/core/adapter"
import { createClock } from "@anygpu/simulators"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { fluence } from "./index.ts"

/** A key that must show up nowhere. */
export const apiKey = "fluence-key-5d1f0c9ab7e24680"
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"

/** An id of the documents' form. */
export const id = "3fa85f64-5717-4562-b3fc-2c963f66afa6"

/** A reply as the wire has it: JSON unless a text is given, no body without either. */
export interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
}

/** What a route answers: always the same, or by the request. */
export type Route = Reply | ((request: WireRequest) => Reply)

const toResponse = ({ status = 200, json, text = JSON.stringify(json) ?? "" }: Reply): WireResponse => ({
  status,
  headers: text ? { "content-type": json === undefined ? "text/html" : "application/json" } : {},
  text
})

/** A Fluence that answers each route, such as `GET /gpu/plans/`, in its own way, keeps what was sent, and knows no other. */
export const cloudOf = (routes: Readonly<Record<string, Route>> = {}) => {
  const sent: Array<{ readonly route: string; readonly body: unknown; readonly request: WireRequest }> = []
  const clock = createClock()
  const ledger = memoryLedger()
  const transport: Transport = (request) =>
    Effect.sync(() => {
      const route = `${request.method} ${new URL(request.url).pathname}`
      sent.push({ route, body: request.body === undefined ? undefined : JSON.parse(request.body), request })
      const reply = routes[route] ?? { status: 404, json: { error: `no route ${route}` } }
      return toResponse(typeof reply === "function" ? reply(request) : reply)
    })
  const run = <A>(effect: Effect.Effect<A, unknown>): Promise<A> =>
    Effect.runPromise(
      effect.pipe(Effect.provideService(Clock.Clock, clockFrom(clock)), Effect.provideService(CurrentLedger, ledger))
    )
  const fails = async (effect: Effect.Effect<unknown, GpuError>): Promise<GpuError> => {
    const error = await run(Effect.flip(effect))
    if (!isGpuError(error)) throw error
    return error
  }
  return {
    cloud: fluence({ apiKey, transport }),
    sent,
    routes: () => sent.map(({ route }) => route),
    bodies: (route: string) => sent.flatMap((one) => (one.route === route ? [one.body] : [])),
    clock,
    ledger,
    run,
    fails
  }
}

/** A value that changes: what a route answers now. */
export const changing = <A>(first: A) => {
  let value = first
  return {
    now: () => value,
    set: (next: A) => {
      value = next
    }
  }
}
