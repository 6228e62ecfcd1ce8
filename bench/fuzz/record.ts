import { CurrentLedger, clockFrom, type GpuError, memoryLedger } from "@anygpu/core"
import type { Fetch } from "@anygpu/core/adapter"
import type { createClock } from "@anygpu/simulators"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** One answer of a simulated cloud, and how many earlier ones its route had in the same call. */
export interface Answer {
  readonly route: string
  readonly turn: number
  readonly status: number
  readonly body: unknown
}

/** Runs on virtual time, with a ledger of its own. */
export const runOn = (clock: ReturnType<typeof createClock>) => {
  const ledger = memoryLedger()
  return <A>(effect: Effect.Effect<A, GpuError>) =>
    Effect.runPromiseExit(
      effect.pipe(Effect.provideService(Clock.Clock, clockFrom(clock)), Effect.provideService(CurrentLedger, ledger))
    )
}

/** A route without its host: what is sent again is answered by it. */
const routeOf = (url: string, init: RequestInit): string => {
  const { pathname, search } = new URL(url)
  return `${init.method ?? "GET"} ${pathname}${search}`
}

/** A fetch that keeps every JSON answer until it is asked for them. */
export const recording = (fetch: Fetch) => {
  let kept: Answer[] = []
  const send: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    const text = await response.text()
    const route = routeOf(url, init)
    const turn = kept.filter((one) => one.route === route).length
    const isJson = response.headers.get("content-type")?.includes("json") ?? false
    kept.push({ route, turn, status: response.status, body: isJson && text !== "" ? JSON.parse(text) : text })
    return new Response([204, 304].includes(response.status) ? null : text, response)
  }
  const take = (): ReadonlyArray<Answer> => {
    const taken = kept
    kept = []
    return taken
  }
  return { send, take }
}

/** Answers as recorded, in turn, the last one for ever; a route that was never asked is a 404 of nobody's. */
export const replaying = (answers: ReadonlyArray<Answer>): Fetch => {
  const turns = new Map<string, number>()
  return async (url, init) => {
    const route = routeOf(url, init)
    const own = answers.filter((one) => one.route === route)
    const turn = turns.get(route) ?? 0
    turns.set(route, turn + 1)
    const answer = own[Math.min(turn, own.length - 1)]
    if (!answer) return new Response("{}", { status: 404, headers: { "content-type": "application/json" } })
    if (typeof answer.body === "string") return new Response(answer.status === 204 ? null : answer.body, answer)
    const headers = { "content-type": "application/json" }
    return new Response(JSON.stringify(answer.body), { status: answer.status, headers })
  }
}
