import { createVastSimulator, type VastSimulator, type VastSimulatorOptions } from "../index.ts"

/** An answer as the tests read it. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read untyped wire data
  readonly body: any
}

/** A plain HTTP client of a simulator: no types of the API, no retries. */
export interface Client {
  readonly simulator: VastSimulator
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** Rents the n-th cheapest offer without a direct port limit; gives the new id. */
  rent(more?: Readonly<Record<string, unknown>>, index?: number): Promise<number>
  show(id: number): Promise<Answer["body"]>
}

export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw me@laptop"

const read = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  const json = response.headers.get("content-type")?.includes("json") ?? false
  return { status: response.status, body: json ? JSON.parse(text) : text }
}

/** Creates a client over a fetch, with the key of its simulator. */
export const createCaller =
  (simulator: VastSimulator, fetcher: typeof simulator.fetch = simulator.fetch, origin = simulator.origin) =>
  async (method: string, path: string, body?: unknown): Promise<Answer> =>
    read(
      await fetcher(path.startsWith("http") ? path : origin + path, {
        method,
        headers: path.startsWith("http") ? {} : { authorization: `Bearer ${simulator.apiKey}` },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
      })
    )

/** A simulator without rate limits (unless asked for) and a client of it. */
export const createClient = (options: VastSimulatorOptions = {}): Client => {
  const simulator = createVastSimulator({ rateLimits: false, sshKeys: [publicKey], ...options })
  const call = createCaller(simulator)
  return {
    simulator,
    call,
    rent: async (more = {}, index = 0) => {
      const query = { direct_port_count: { gte: 10 }, disk_space: { gte: 100 }, order: [["dph_base", "asc"]] }
      const found = await call("POST", "/api/v0/bundles/", query)
      const made = await call("PUT", `/api/v0/asks/${found.body.offers[index].id}/`, {
        ...{ image: "ubuntu:22.04", disk: 10, runtype: "ssh_direct", env: { "-p 8000:8000": "1" } },
        ...more
      })
      return made.body.new_contract
    },
    show: async (id) => (await call("GET", `/api/v0/instances/${id}/`)).body.instances
  }
}

/** The four status fields of a row, in the order actual, intended, cur, next. */
export const statusOf = (row: Answer["body"]): unknown[] => [
  row.actual_status,
  row.intended_status,
  row.cur_state,
  row.next_state
]
