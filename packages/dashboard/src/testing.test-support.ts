import { request as httpRequest, type IncomingHttpHeaders } from "node:http"
import { memoryCloud } from "@anygpu/memory"
import { memoryLedger } from "anygpu"
import type { Dashboard } from "./serve.ts"
import { type DashboardOptions, startDashboard } from "./start.ts"
import type { Timers } from "./timers.ts"

/** A clock that only moves when a test says so. */
const manualTimers = (): Timers & { readonly pass: (millis: number) => void } => {
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
  const dashboard = await startDashboard({ clouds: [cloud], ledger, timers, ...options })
  const call = async (operation: string, input: object = {}) => {
    const body = JSON.stringify(input)
    const { status, text } = await ask(dashboard.url, `/api/v1/${operation}`, {
      ...{ method: "POST", headers: ownHeaders(dashboard), body }
    })
    return { status, json: JSON.parse(text) }
  }
  return { ...{ cloud, ledger, timers, dashboard, call }, [Symbol.asyncDispose]: dashboard.close }
}
