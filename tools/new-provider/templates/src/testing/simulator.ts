import { refuseUnwrittenPath, unwritten } from "../unwritten.ts"

/** A machine as the simulated cloud keeps it. */
export interface SimulatedMachine {
  readonly id: string
  /** As it was sent, with the marker. */
  readonly name: string
  readonly offer: string
  /** Epoch milliseconds. */
  readonly bornAt: number
  /** Somebody ended it; most clouds forget it then. */
  ended: boolean
  /** A state that a test puts in place of its own. */
  state: string | null
}

/** A request, taken apart. */
export interface Asked {
  readonly method: string
  /** The path in its parts, without empty ones: `["v1", "machines", "m-1"]`. */
  readonly path: ReadonlyArray<string>
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: unknown
}

/** How long a boot takes, in milliseconds. */
const bootTime = 30_000

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } })

const parsed = (body: RequestInit["body"]): unknown => (typeof body === "string" ? JSON.parse(body) : undefined)

/**
 * The cloud in memory: what its documents say of its HTTP surface, over machines and virtual time.
 *
 * - It uses nothing of the adapter: what both had wrong in common, no test would find.
 */
export const createSimulator = (apiKey: string, clock: { readonly now: () => number }) => {
  const machines = new Map<string, SimulatedMachine>()

  /** For the route that rents. */
  const add = (name: string, offer: string): SimulatedMachine => {
    const id = `m-${machines.size + 1}`
    const machine = { id, name, offer, bornAt: clock.now(), ended: false, state: null }
    machines.set(id, machine)
    return machine
  }
  const isUp = (machine: SimulatedMachine): boolean => !machine.ended && clock.now() >= machine.bornAt + bootTime

  /** Whether the request has the key as the cloud wants it. */
  const isAllowed = (_asked: Asked, _apiKey: string): boolean =>
    unwritten(
      "src/testing/simulator.ts",
      "whether the key stands where the cloud wants it, and is this simulator's apiKey"
    )

  /** What the cloud answers; null for a route that it does not have. */
  const answer = (_asked: Asked): Response | null =>
    unwritten(
      "src/testing/simulator.ts",
      "the routes: json(200, ...) of machines, add, isUp; json(404, ...) without one"
    )

  return {
    machines,
    add,
    isUp,
    fetch: async (url: string, { method = "GET", headers, body }: RequestInit): Promise<Response> => {
      const { pathname, searchParams } = new URL(url)
      refuseUnwrittenPath(pathname)
      const asked: Asked = {
        ...{ method, path: pathname.split("/").filter(Boolean), query: searchParams },
        ...{ headers: new Headers(headers), body: parsed(body) }
      }
      if (!isAllowed(asked, apiKey)) return json(401, { error: "unauthorized" })
      return answer(asked) ?? json(404, { error: "not found" })
    }
  }
}
