import { createHuddleSimulator, type HuddleSimulator, type HuddleSimulatorOptions } from "../index.ts"
import type { Answer } from "./client.ts"

/** GitHub's published key: its fingerprint is known. */
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@laptop"

export const exactly = { ordered: 15_000, provisioning: 120_000, deleting: 30_000, stopping: 20_000, jitter: 0 }

/** A simulator with exact phases and a plain HTTP client of it. */
export const createHuddleClient = (options: HuddleSimulatorOptions = {}) => {
  const simulator: HuddleSimulator = createHuddleSimulator({ timeline: exactly, ...options })
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {}
  ): Promise<Answer> => {
    const response = await simulator.fetch(`${simulator.origin}/api/v1${path}`, {
      method,
      headers: { "x-api-key": simulator.apiKey, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) }
  }
  const keyId = async (): Promise<string> => {
    const { body } = await call("GET", "/ssh-keys")
    if (body.data.length > 0) return body.data[0].id
    return (await call("POST", "/ssh-keys", { name: "laptop", public_key: publicKey })).body.data.id
  }
  /** A deploy request that is right, with changes. */
  const order = async (more: Readonly<Record<string, unknown>> = {}) => ({
    ...{ cluster_type: "1A100.22V", image: "e79a91e9-8750-44cb-af19-bf6ab83121ee", hostname: "my-gpu-instance" },
    ...{ ssh_key_ids: [await keyId()], location: "FIN-01" },
    ...more
  })
  const deploy = async (more: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}) =>
    call("POST", "/deployments/clusters", await order(more), headers)
  const show = async (id: string) => (await call("GET", `/deployments/${id}`)).body.data
  const machine = (id: string) => simulator.machines().find((one) => one.id === id)
  return { simulator, call, order, deploy, show, machine, sleep: simulator.clock.sleep }
}
