import type { AnyProvider, Cloud, LaunchSpec, Offer, WorkloadUpdate } from "@anygpu/core"
import type { CloudFactory } from "@anygpu/core/adapter"
import type { CloudControls } from "./controls.ts"
import type { Habit } from "./habits.ts"

/** A time that only moves when everything waits; the clocks of `@anygpu/simulators` are of this shape. */
export interface VirtualTime {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves when that much virtual time has passed; rejects when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A machine as the simulated cloud itself knows it. */
export interface TrueMachine {
  readonly id: string
  /** The name or label as the cloud keeps it, with the launch marker. */
  readonly name: string | null
  /** It exists, so it may cost money. False, or left out of the list, once it is gone. */
  readonly alive: boolean
  /** When the cloud itself will end it, in epoch milliseconds; null where it will not. Needed for `scheduleEnd`. */
  readonly endsAt?: number | null
  /** It is up, as far as the cloud itself knows: not while it boots, also where that is billed, and not while it is halted. */
  readonly running: boolean
}

/** A disk that outlives machines, as the simulated cloud itself knows it. */
export interface TrueDisk {
  readonly id: string
  /** Where it stands, as the region of offers. */
  readonly region: string
  /** What an hour of it is charged, in the cloud's currency; null where no document has its price. */
  readonly perHour: number | null
  /** The ids of the machines that have it. */
  readonly holders: ReadonlyArray<string>
}

/** A request as it reached the simulated cloud. */
export interface SentRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** It could change something or cost money; a search sent with POST is not. */
  readonly mutating: boolean
  /** Parsed or as text. */
  readonly body?: unknown
  /** For clouds that take one. */
  readonly idempotencyKey?: string
}

/** The adapter's own factory. */
export interface Factory {
  /** As users call it, made by `cloudFactory`. */
  readonly make: CloudFactory<never, Cloud, string>
  /** The variable that holds `apiKey`; where the cloud takes several keys, or one of another name, each with its own. */
  readonly variable: string | Readonly<Record<string, string>>
}

/**
 * One fresh account on a simulated cloud: funded, without machines and without ssh keys.
 *
 * - Everything but `connect`, `spec` and `controls` is the simulator's own truth: never ask the provider for it.
 */
export interface World {
  /** The right API key. It must appear nowhere. */
  readonly secret: string
  /** The time that the cloud lives on; the provider is run on it too. */
  readonly time: VirtualTime
  /** A new provider on this account, as a new process would make it; a wrong secret makes one that is refused. */
  connect(secret: string): AnyProvider
  /**
   * A launch on an offer, with as many of the kind's options as fit together: env values that no other field holds,
   * ports, a valid ssh key, and a bid where the offer is interruptible.
   */
  spec(offer: Offer): LaunchSpec
  /** A launch whose machine can be renamed, where an option of `spec` rules that out; `spec` when it is left out. */
  specToRename?(offer: Offer): LaunchSpec
  /**
   * Changes that fit together on a machine made by `spec`, with everything that the provider can update; needed where it
   * has `update`. The machine is up, or stopped where a running one is not changed.
   */
  readonly changes?: WorkloadUpdate
  /** An id as this cloud writes them that no machine has. */
  readonly unknownId: string
  /** The function that users call, for what it refuses; its tests are skipped without it. */
  readonly factory?: Factory
  /** Where the cloud gives tokens for its key: whether a request asks for one, which no other may hold the key for. */
  isLogin?(request: SentRequest): boolean
  /** A provider of another kind on the same account, where the cloud has one. */
  sibling?(secret: string): AnyProvider
  machines(): ReadonlyArray<TrueMachine>
  /** The disks that exist; needed where there is the control `addDisk`. */
  disks?(): ReadonlyArray<TrueDisk>
  /** Everything that reached the cloud so far, oldest first. */
  requests(): ReadonlyArray<SentRequest>
  /** The habit that it was opened with, where it took one. */
  readonly habit?: Habit
  /** What can be done to this cloud; a test that needs a control it lacks is skipped, and counted. */
  readonly controls: Partial<CloudControls>
  close?(): void | Promise<void>
}

/** A test that cannot run on a cloud, by its exact name, and why. */
export interface Skip {
  readonly test: string
  readonly reason: string
}

/** What the author of an adapter supplies. */
export interface Harness {
  readonly name: string
  /** The habit that its worlds have; absent where the cloud is as its simulator is. */
  readonly habit?: Habit
  /** A world of its own for every test; with a habit, on a cloud that has it (see `withHabit`). */
  readonly open: (habit?: Habit) => World | Promise<World>
  readonly skip?: ReadonlyArray<Skip>
}
