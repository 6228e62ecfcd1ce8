import { CurrentLedger, clockFrom, type GpuError, memoryLedger, type Offer } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createHuddleSimulator, type HuddleSimulatorOptions } from "@anygpu/simulators"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { huddle } from "./index.ts"

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"

/** The route that rents. */
export const deployPath = "/api/v1/deployments/clusters"

/** One sending of a deploy: the body as it was on the wire, its key, and the status that its answer answered. */
export interface Sending {
  readonly key: string | null
  readonly text: string
  /** Null when no answer came, or one without it. */
  answered: string | null
}

const answeredIn = async (response: Response): Promise<string | null> => {
  const parsed: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return (parsed as { readonly data?: { readonly status?: string } } | null)?.data?.status ?? null
}

/** What else happens when a deploy is sent, before it reaches the cloud. */
export type OnDeploy = (sending: Sending) => void

/** A simulated Huddle01 with exact phases (15 s ordered, 120 s provisioning), and a client of it on the same time. */
export const rented = (options: HuddleSimulatorOptions = {}, onDeploy: OnDeploy = () => {}) => {
  const simulator = createHuddleSimulator({ credit: 1000, ...options, timeline: { jitter: 0, ...options.timeline } })
  const ledger = memoryLedger()
  const deploys: Sending[] = []
  const transport = fetchTransport(async (url, init) => {
    if (init.method !== "POST" || new URL(url).pathname !== deployPath) return simulator.fetch(url, init)
    const sending: Sending = {
      ...{ key: new Headers(init.headers).get("idempotency-key"), text: String(init.body), answered: null }
    }
    deploys.push(sending)
    onDeploy(sending)
    const response = await simulator.fetch(url, init)
    sending.answered = await answeredIn(response)
    return response
  })
  const { vms } = huddle({ apiKey: simulator.apiKey, transport })
  const run = <A>(effect: Effect.Effect<A, unknown>): Promise<A> =>
    Effect.runPromise(
      effect.pipe(
        Effect.provideService(Clock.Clock, clockFrom(simulator.clock)),
        Effect.provideService(CurrentLedger, ledger)
      )
    )
  const cheapest = async (): Promise<Offer<"huddle", "vm">> => {
    const [offer] = (await run(vms.offers())).items
    if (!offer) throw new Error("the simulated market is empty")
    return offer
  }
  return {
    simulator,
    ledger,
    deploys,
    vms,
    run,
    fails: (effect: Effect.Effect<unknown, GpuError>) => run(Effect.flip(effect)),
    cheapest,
    launch: async (more: Partial<Omit<Parameters<typeof vms.launch>[0], "offer">> = {}) =>
      vms.launch({
        ...{ offer: await cheapest(), name: "job", os: "ubuntu-24.04-cuda-13.0-open-docker", sshKeys: [publicKey] },
        ...more
      }),
    sent: (method: string, path: string) =>
      simulator.requests().filter((request) => request.method === method && request.path.split("?")[0] === path),
    pass: (seconds: number) => simulator.clock.sleep(seconds * 1000)
  }
}
