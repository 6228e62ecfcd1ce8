import { request as httpRequest, type IncomingHttpHeaders } from "node:http"
import { memoryCloud } from "@anygpu/memory"
import { memoryLedger, type PlainClock } from "anygpu"
import { type Entry, entriesShape } from "./protocol/index.ts"
import type { Dashboard } from "./serve.ts"
import { type DashboardOptions, startDashboard } from "./start.ts"
import type { Timers } from "./timers.ts"

/** A clock that only moves when a test says so. */
const manualTimers = (): Timers & { readonly pass: (millis: number) => void; readonly waiting: () => number } => {
  let now = 0
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()
  return {
    monotonic: () => now,
    pause: (millis, signal) =>
      new Promise<void>((resolve, reject) => {
        const sleeper = { at: now + millis, wake: resolve }
        const stop = () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        }
        if (signal.aborted) return stop()
        signal.addEventListener("abort", stop, { once: true })
        sleepers.add(sleeper)
      }),
    waiting: () => sleepers.size,
    pass: (millis) => {
      now += millis
      for (const sleeper of [...sleepers]) {
        if (sleeper.at > now) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
    }
  }
}

/** A clock on which every wait is over at once. */
const hastyClock = (): PlainClock => {
  let now = Date.UTC(2026, 5, 1, 12)
  return {
    now: () => now,
    sleep: async (millis, signal) => {
      await Promise.resolve()
      signal?.throwIfAborted()
      now += millis
    }
  }
}

/** One event of a stream. */
export interface ReadEvent {
  readonly id: string | null
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it expects
  readonly data: any
}

const eventOf = (block: string): ReadEvent | null => {
  const field = (name: string) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1] ?? null
  const [event, data] = [field("event"), field("data")]
  return event === null || data === null ? null : { id: field("id"), event, data: JSON.parse(data) }
}

/** A stream of events, as a page reads it. */
export const openStream = async (
  { url, token }: Dashboard,
  path: string,
  { body, last }: { readonly body?: object; readonly last?: string } = {}
) => {
  const leave = new AbortController()
  const answer = await fetch(`${url}/api/v1/${path}`, {
    ...{ method: body ? "POST" : "GET", signal: leave.signal },
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { "content-type": "application/json" }),
      ...(last !== undefined && { "last-event-id": last })
    },
    ...(body && { body: JSON.stringify(body) })
  })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ""
  const entries = new Map<string, Entry>()
  const next = async (): Promise<ReadEvent | null> => {
    for (;;) {
      const end = text.indexOf("\n\n")
      if (end >= 0) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const event = eventOf(block)
        if (event) return event
        continue
      }
      const part = await reader?.read()
      if (!part || part.done) return null
      text += part.value
    }
  }
  return {
    next,
    /** The live state, as soon as it is as wanted. */
    state: async (isWanted: (entries: ReadonlyMap<string, Entry>) => boolean): Promise<ReadonlyMap<string, Entry>> => {
      while (!isWanted(entries)) {
        const event = await next()
        if (event === null) throw new Error("the stream has ended")
        const { full, set, removed } = entriesShape.parse(event.data)
        if (full) entries.clear()
        for (const key of removed) entries.delete(key)
        for (const entry of set) entries.set(entry.key, entry)
      }
      return entries
    },
    /** The first event that is as wanted; those before are read over. */
    until: async (isWanted: (event: ReadEvent) => boolean): Promise<ReadEvent> => {
      for (;;) {
        const event = await next()
        if (event === null) throw new Error("the stream has ended")
        if (isWanted(event)) return event
      }
    },
    leave: () => leave.abort()
  }
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** One request, with exactly these headers and this path: a browser, and `fetch`, would mend some of it. */
export const ask = (
  url: string,
  path: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const sent = httpRequest({ hostname, port, path, method, headers, agent: false }, (answer) => {
      let text = ""
      answer.setEncoding("utf8")
      answer.on("data", (part: string) => {
        text += part
      })
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
      answer.on("error", reject)
    })
    sent.on("error", reject)
    sent.end(body)
  })

/** The headers of a page of the dashboard's own. */
export const ownHeaders = ({ token, url }: Dashboard): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  "content-type": "application/json",
  origin: url,
  "sec-fetch-site": "same-origin"
})

/** A dashboard over a cloud in memory, and how its page calls it. */
export const openDashboard = async (options: Partial<DashboardOptions> = {}) => {
  const [cloud, ledger, timers] = [memoryCloud(), memoryLedger(), manualTimers()]
  const dashboard = await startDashboard({ clouds: [cloud], ledger, timers, clock: hastyClock(), ...options })
  const call = async (operation: string, input: object = {}) => {
    const body = JSON.stringify(input)
    const { status, text } = await ask(dashboard.url, `/api/v1/${operation}`, {
      ...{ method: "POST", headers: ownHeaders(dashboard), body }
    })
    return { status, json: JSON.parse(text) }
  }
  return { ...{ cloud, ledger, timers, dashboard, call }, [Symbol.asyncDispose]: dashboard.close }
}
