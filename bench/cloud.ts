import type { Cloud, Kind, LaunchOptions, Offer } from "@anygpu/core"
import type { Transport } from "@anygpu/core/adapter"
import type { Fault, MachineTruth, Simulator, VirtualClock } from "@anygpu/simulators"

/*
 * What the benches have to know of a cloud, and cannot read from its description. Each cloud's own is in a folder with its
 * name below `clouds`; `cloud-list.ts` reads them over the list of clouds.
 */

/** What a request is for. Faults are planned for each purpose, so that every client meets the same ones. */
export type Purpose = "offers" | "create" | "list" | "read" | "act" | "end"

/** Which requests. */
export type Route = Fault["on"]

/** An effect that each of the clouds has of its own: a create loses its offer to somebody else. */
export type CapacityEffect = { readonly kind: "capacity" }

/** What happens to a machine without anybody asking. */
export type Mishap = "boots that fail" | "machines that break" | "hosts that go offline" | "machines ended by others"

/** A kind of machine of a cloud. */
export interface Stall {
  readonly kind: Kind
  /** Its place among those of all clouds, from which seeds draw. */
  readonly order: number
  /** A stop and a start are possible. */
  readonly powers: boolean
  /** The most minutes that a job lasts. */
  readonly most: number
}

/** A simulated cloud with what the benches do to it. */
export interface SimulatedCloud extends Simulator<CapacityEffect> {
  /** Puts a machine of somebody else on the account; gives its id. */
  readonly addStranger: (name: string) => string
  /** Lets it happen to a machine; throws where it cannot. */
  readonly strike: (mishap: Mishap, machine: MachineTruth) => void
  /** Frees so much of these offers that nobody is refused for want of it; absent where there is enough. */
  readonly makeRoom?: (offers: Iterable<Offer>) => void
}

/** What every simulated cloud of a run starts from. */
export interface SimulationOptions {
  readonly clock: VirtualClock
  readonly seed: number
  readonly credit: number
}

/** What a program by hand knows of a machine. */
export interface Known {
  readonly cloud: string
  readonly kind: Kind
  readonly id: string
}

/** A request as a program by hand writes it. */
export interface Plain {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

/** An answer as a program by hand reads it. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: such programs do not check what they read
  readonly body: any
}

/** How a program by hand speaks to a cloud, by its documents. */
export interface Speech {
  readonly header: (key: string) => Readonly<Record<string, string>>
  /** Asks for all offers. */
  readonly offers: Plain
  /** Registers a public key, where a create takes the id of one. */
  readonly register?: { readonly request: (publicKey: string) => Plain; readonly idIn: (answer: Answer) => string }
  /** Asks for a machine; `keyId` is that of the key that was registered. */
  readonly create: (offer: Offer, name: string, keyId: string) => Plain
  readonly idIn: (answer: Answer) => unknown
  readonly show: (machine: Known) => Plain
  readonly isUp: (answer: Answer, machine: Known) => boolean
  readonly end: (machine: Known) => Plain
}

/** A cloud as the benches know it. */
export interface BenchCloud {
  /** Its place among the clouds, in which seeds draw; a further one takes the next. */
  readonly order: number
  readonly stalls: ReadonlyArray<Stall>
  /** The adapter's own factory, at once. */
  readonly make: (account: { readonly apiKey: string; readonly transport?: Transport }) => Cloud
  /** The requests by their purpose. */
  readonly routes: Readonly<Record<Purpose, Route>>
  /** What to run on an offer. */
  readonly options: (offer: Offer) => Partial<LaunchOptions>
  /** What its programs by hand send. */
  readonly speech: Speech
  /** The kind that processes launch on in a storm, by its name among the cloud's kinds, and how many offers they read. */
  readonly launched: { readonly kind: string; readonly limit?: number }
  /** The cloud of one run, each phase of whose boots takes `pace` seconds, or a whole number of them. */
  readonly forRun: (options: SimulationOptions, pace: number) => SimulatedCloud
  /** The cloud of a storm: with offers for many processes, and no limit on how often they ask. */
  readonly forStorm: (options: SimulationOptions) => SimulatedCloud
  /** A small cloud with two machines of somebody else of a kind. */
  readonly inhabited: (options: { readonly clock: VirtualClock; readonly apiKey: string }, kind: Kind) => Simulator
}

/** The key that all machines of a run have. */
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"

/** The disk that is asked for where its size is chosen at the launch. */
export const diskMiB = 30 * 1024

/** The header that most clouds read a key from. */
export const bearer = (key: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${key}` })

/** How long each phase takes, in milliseconds, of seconds, the same every time. */
export const inMillis = (phases: Readonly<Record<string, number>>) => ({
  jitter: 0,
  ...Object.fromEntries(Object.entries(phases).map(([name, seconds]) => [name, seconds * 1000]))
})
