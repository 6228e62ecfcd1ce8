import type { AnyProvider, LaunchSpec, Offer } from "@anygpu/core"
import { type Fetch, fetchTransport } from "@anygpu/core/adapter"
import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import { createClock, createFluenceSimulator, createHuddleSimulator, createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"

/** A key that must show nowhere. */
export const secret = "fuzz-key-4f1c9a7e2b5d8036"
export const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"

/** One kind of a simulated cloud with a few machines of others on it. */
export interface FuzzedKind {
  readonly name: string
  readonly clock: ReturnType<typeof createClock>
  readonly fetch: Fetch
  readonly provider: (fetch: Fetch) => AnyProvider
  readonly spec: (offer: Offer) => LaunchSpec
}

const ubuntu = "https://cloud-images.ubuntu.com/releases/24.04/release/ubuntu-24.04-server-cloudimg-amd64.img"
const container = (offer: Offer) => ({ offer, name: "job", image: "docker.io/library/ubuntu:24.04" })
const machine = (os: string) => (offer: Offer) => ({ offer, name: "job", os, sshKeys: [sshKey] })

const onVast = (kind: "containers" | "vms"): FuzzedKind => {
  const clock = createClock()
  const simulator = createVastSimulator({ apiKey: secret, clock, credit: 1000, offers: 6 })
  for (let count = 0; count < 2; count++)
    simulator.addMachine(kind === "vms" ? { image: "docker.io/vastai/kvm:ubuntu_22.04" } : {})
  return {
    ...{ name: `Vast.ai ${kind}`, clock, fetch: simulator.fetch },
    provider: (fetch) => vast({ apiKey: secret, transport: fetchTransport(fetch) }).kinds[kind],
    spec: kind === "vms" ? machine("ubuntu_22.04") : (offer) => ({ ...container(offer), sshKeys: [sshKey] })
  }
}

const onHuddle = (): FuzzedKind => {
  const clock = createClock()
  const simulator = createHuddleSimulator({ apiKey: secret, clock, credit: 1000, offers: 4 })
  for (let count = 0; count < 2; count++) simulator.addMachine()
  return {
    ...{ name: "Huddle01 vms", clock, fetch: simulator.fetch },
    provider: (fetch) => huddle({ apiKey: secret, transport: fetchTransport(fetch) }).kinds.vms,
    spec: machine("ubuntu-24.04-cuda-13.0-open-docker")
  }
}

const kinds = { containers: "container", vms: "vm", baremetal: "baremetal", cpuVms: "cpu-vm" } as const

const onFluence = (name: keyof typeof kinds): FuzzedKind => {
  const clock = createClock()
  const simulator = createFluenceSimulator({ apiKey: secret, clock, credit: 10_000 })
  for (let count = 0; count < 2; count++) simulator.addMachine({ kind: kinds[name] })
  return {
    ...{ name: `Fluence ${name}`, clock, fetch: simulator.fetch },
    provider: (fetch) => fluence({ apiKey: secret, transport: fetchTransport(fetch) }).kinds[name],
    spec:
      name === "containers"
        ? (offer) => ({ ...container(offer), ports: [{ port: 8000 }] })
        : (offer) => machine(name === "cpuVms" ? ubuntu : (offer.systems?.[0] ?? "ubuntu24.04"))(offer)
  }
}

/** Every kind of every cloud. */
export const everyKind = (): ReadonlyArray<FuzzedKind> => [
  onVast("containers"),
  onVast("vms"),
  onHuddle(),
  ...(Object.keys(kinds) as ReadonlyArray<keyof typeof kinds>).map(onFluence)
]
