import { createShadeformSimulator, type ShadeformSimulatorOptions } from "../index.ts"
import type { Answer } from "./client.ts"

/** GitHub's published key. */
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@laptop"

const exactly = {
  ...{ creating: 5_000, provider: 150_000, pending: 60_000, ending: 5_000, deleting: 20_000, check: 300_000, jitter: 0 }
}

/** A simulator with exact phases and a plain HTTP client of it. */
export const createShadeformClient = (options: Partial<ShadeformSimulatorOptions> = {}) => {
  const simulator = createShadeformSimulator({ timeline: exactly, ...options })
  const call = async (method: string, path: string, body?: unknown, key = simulator.apiKey): Promise<Answer> => {
    const response = await simulator.fetch(`${simulator.origin}/v1${path}`, {
      ...{ method, headers: { "x-api-key": key } },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) }
  }
  /** A create request that is right, with changes. */
  const order = (more: Readonly<Record<string, unknown>> = {}) => ({
    ...{ cloud: "massedcompute", region: "kansascity-usa-1", shade_instance_type: "A6000", shade_cloud: true },
    ...{ name: "quickstart", ...more }
  })
  const create = (more: Readonly<Record<string, unknown>> = {}) => call("POST", "/instances/create", order(more))
  const made = async (more: Readonly<Record<string, unknown>> = {}): Promise<string> => (await create(more)).body.id
  const info = async (id: string) => (await call("GET", `/instances/${id}/info`)).body
  const truth = (id: string) => {
    const machine = simulator.machines().find((one) => one.id === id)
    if (machine === undefined) throw new Error(`no machine ${id}`)
    return machine
  }
  return { simulator, call, order, create, made, info, truth, sleep: simulator.clock.sleep }
}
