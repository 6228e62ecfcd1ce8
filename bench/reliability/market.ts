import { type AnyProvider, type Cloud, type Kind, type LaunchOptions, memoryLedger, type Offer } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import type { Simulator, VirtualClock } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { createGpu } from "anygpu"

/** The clouds of a run. */
export const cloudNames = ["vast", "fluence", "huddle"] as const
export type CloudName = (typeof cloudNames)[number]

/** A kind of machine of a cloud. */
export interface Stall {
  readonly cloud: CloudName
  readonly kind: Kind
  /** A stop and a start are possible. */
  readonly powers: boolean
  /** The most minutes that a job lasts. */
  readonly most: number
}

/** What is rented in a run. Days are charged for CPU machines, so their jobs are the longest. */
export const stalls: readonly [Stall, ...Stall[]] = [
  { cloud: "vast", kind: "container", powers: true, most: 180 },
  { cloud: "vast", kind: "vm", powers: true, most: 120 },
  { cloud: "huddle", kind: "vm", powers: true, most: 120 },
  { cloud: "fluence", kind: "container", powers: false, most: 240 },
  { cloud: "fluence", kind: "vm", powers: false, most: 240 },
  { cloud: "fluence", kind: "cpu-vm", powers: false, most: 2000 }
]

/** The key that all machines of a run have. */
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"

/** The disk that is asked for where its size is chosen at the launch. */
export const diskMiB = 30 * 1024

const ubuntu = "https://cloud-images.ubuntu.com/releases/24.04/release/ubuntu-24.04-server-cloudimg-amd64.img"
const imageOf: Readonly<Record<string, string>> = {
  vast: "ubuntu:24.04",
  fluence: "docker.io/fluencelabs/debian-ssh-root:11"
}

const systemOf = ({ provider, kind, systems }: Offer): string => {
  if (provider === "huddle") return "ubuntu-24.04-cuda-13.0-open-docker"
  if (provider === "vast") return "docker.io/vastai/kvm:ubuntu_terminal"
  return kind === "cpu-vm" ? ubuntu : (systems?.[0] ?? "ubuntu_22_04")
}

/** What to run on an offer. */
export const optionsFor = (offer: Offer): Partial<LaunchOptions> => ({
  ...(offer.kind === "container" ? { image: imageOf[offer.provider] ?? "ubuntu" } : { os: systemOf(offer) }),
  ...(offer.provider === "vast" && { diskMiB }),
  ...(offer.kind === "container" && offer.provider === "fluence" && { ports: [{ port: 22 }] }),
  ...(offer.kind === "container" && offer.provider === "vast" ? {} : { sshKeys: [publicKey] })
})

/** Sends a request to a cloud. */
export type Send = (cloud: CloudName) => (url: string, init: RequestInit) => Promise<Response>

/** The three clouds' providers. */
export const providersOf = (clouds: Readonly<Record<CloudName, Pick<Simulator, "apiKey">>>, send: Send) => [
  vast({ apiKey: clouds.vast.apiKey, transport: fetchTransport(send("vast")) }),
  fluence({ apiKey: clouds.fluence.apiKey, transport: fetchTransport(send("fluence")) }),
  huddle({ apiKey: clouds.huddle.apiKey, transport: fetchTransport(send("huddle")) })
]

/** Makes another provider of one. */
export type Mutate = (provider: AnyProvider) => AnyProvider

/** A cloud with each of its kinds made another. */
export const mutated = (cloud: Cloud, mutate: Mutate): Cloud => ({
  ...cloud,
  kinds: Object.fromEntries(Object.entries(cloud.kinds).map(([name, kind]) => [name, mutate(kind)]))
})

/** The offers of some stalls, cheapest first, read before anything goes wrong. */
export const offersOf = async (
  clouds: Readonly<Record<CloudName, Simulator>>,
  clock: VirtualClock,
  wanted: ReadonlyArray<Stall>
): Promise<ReadonlyArray<Offer>> => {
  const providers = providersOf(clouds, (cloud) => (url, init) => clouds[cloud].fetch(url, init)).filter(({ name }) =>
    wanted.some(({ cloud }) => cloud === name)
  )
  const gpu = createGpu({ clouds: providers, clock, ledger: memoryLedger() })
  const kind = [...new Set(wanted.map((stall) => stall.kind))]
  const { items, complete, problems } = await gpu.offers({ kind })
  if (!complete) throw new Error(`the market cannot be read: ${problems[0]?.error.message}`)
  return items.filter(({ availability }) => availability !== "unavailable")
}
