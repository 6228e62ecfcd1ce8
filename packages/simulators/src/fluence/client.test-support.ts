import { createFluenceSimulator, type FluenceSimulator, type FluenceSimulatorOptions } from "./index.ts"

/** An answer as the tests read it. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read untyped wire data
  readonly body: any
}

/** A plain HTTP client of a simulator: no types of the API, no retries. */
export interface Client {
  readonly simulator: FluenceSimulator
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** The body of a GET. */
  get(path: string): Promise<Answer["body"]>
  /** Deploys a container of the plan of documented price 1.22, exposing 22 and 80; gives its id. */
  deploy(settings?: Readonly<Record<string, unknown>>, more?: Readonly<Record<string, unknown>>): Promise<string>
  /** Deploys a VM of the first option; gives its id. */
  deployVm(more?: Readonly<Record<string, unknown>>): Promise<string>
  /** Creates a CPU machine; gives its id. */
  createCpu(constraints?: Readonly<Record<string, unknown>>): Promise<string>
}

export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw me@laptop"

/** Every phase with its plain length. */
const exact = { jitter: 0 }

export const configuration = {
  name: "my-vm",
  openPorts: [{ port: 8080, protocol: "tcp" }],
  osImage: "https://cloud-images.ubuntu.com/focal/current/focal-server-cloudimg-amd64.img",
  sshKeys: [publicKey]
}

/** A simulator, at 14:42:00 unless it is given a clock, and a client of it. */
export const createClient = (options: FluenceSimulatorOptions = {}): Client => {
  const simulator = createFluenceSimulator({ timeline: exact, ...options })
  const call: Client["call"] = async (method, path, body) => {
    const response = await simulator.fetch(simulator.origin + path, {
      method,
      headers: { "X-API-KEY": simulator.apiKey },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) }
  }
  const get = async (path: string) => (await call("GET", path)).body
  const made = ({ status, body }: Answer): string => {
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body.instance_id
  }
  return {
    simulator,
    call,
    get,
    deploy: async (settings = {}, more = {}) => {
      const plans: Answer["body"][] = await get("/gpu/plans/")
      const plan = plans.find((candidate) => candidate.plan.pricing.hour === 1.22)
      const image = "docker.io/fluencelabs/debian-ssh-root:11"
      const expose = [
        { port: "22", protocol: "tcp" },
        { port: "80", protocol: "http" }
      ]
      const container_settings = { image, expose, ...settings }
      const body = { plan_id: plan.plan.id, name: "my-container", container_settings, ssh_key: publicKey, ...more }
      return made(await call("POST", "/gpu/instances/", body))
    },
    deployVm: async (more = {}) => {
      const option = (await get("/gpu/plans/vms")).data[0].availability_by_number[0].options[0]
      const body = { plan_id: option.id, name: "my-vm", ssh_key: publicKey, os_image: option.os_options[0], ...more }
      return made(await call("POST", "/gpu/instances/vms", body))
    },
    createCpu: async (constraints = {}) => {
      const body = { constraints, instances: 1, vmConfiguration: configuration }
      return (await call("POST", "/vms/v3", body)).body[0].vmId
    }
  }
}
