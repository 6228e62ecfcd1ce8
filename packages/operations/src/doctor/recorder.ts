/** One request to a cloud, and what came back. */
export interface Exchange {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  /** How far the cloud's clock is ahead of ours, by its `Date`, to a second; null when it sends none. */
  readonly skew: number | null
  /** The body, where it is JSON. */
  readonly json: unknown
}

/** The way to a cloud. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A way to a cloud that adds what came back of it to `exchanges`; nothing that was sent is kept. */
export const recording =
  (fetch: Fetch, now: () => number, exchanges: Exchange[]): Fetch =>
  async (url, init) => {
    const [began, start] = [now(), performance.now()]
    const response = await fetch(url, init)
    const [ended, milliseconds] = [now(), performance.now() - start]
    const date = Date.parse(response.headers.get("date") ?? "")
    exchanges.push({
      method: init.method ?? "GET",
      path: new URL(url).pathname,
      status: response.status,
      milliseconds,
      // The header counts whole seconds: half of one is its middle.
      skew: Number.isNaN(date) ? null : date + 500 - (began + ended) / 2,
      json: response.ok ? jsonOf(await response.clone().text()) : undefined
    })
    return response
  }
