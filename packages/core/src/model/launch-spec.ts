import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type { Kind } from "./kind.ts"
import type { Money } from "./money.ts"
import type { Offer } from "./offer.ts"
import type { Tags } from "./tags.ts"
import type { ExistingVolume } from "./volume.ts"

/** A port of the workload to be reachable from outside. */
export interface PortRequest {
  readonly port: number
  /** `tcp` by default. */
  readonly protocol?: "tcp" | "udp" | "http"
}

/** The login to a private image registry. */
export interface RegistryLogin {
  readonly host: string
  readonly username: string
  readonly password: string
}

/** An extra disk. */
export interface VolumeRequest {
  readonly name: string
  readonly sizeMiB: number
  readonly type?: string
}

/**
 * What to run beyond offer and name. Each provider and kind declares which of these it can do: another one does not
 * compile where the provider is known, and is `Unsupported` before any request where it is not.
 */
export interface LaunchOptions {
  /** The container image. */
  readonly image: string
  /** The operating system image of a VM or a bare metal machine. */
  readonly os: string
  /** Public key texts that may log in. */
  readonly sshKeys: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly ports: ReadonlyArray<PortRequest>
  /** The arguments of the image's entrypoint, instead of its own. */
  readonly command: ReadonlyArray<string>
  /** A shell script that runs when the machine is up. */
  readonly onStart: string
  /**
   * The machine itself sees to its end, some minutes after its `ttl`, by its start script and a key that its cloud puts inside it
   * and that reaches nothing else: also when every other computer is off.
   *
   * - Needs a `ttl`. The end is fixed: a lease of it can be made shorter, never longer, and is not kept.
   * - It holds while the machine runs: a stopped one ends nothing. No read shows whether the script is at work.
   */
  readonly endsItself: true
  /** At least so much disk. */
  readonly diskMiB: number
  /** New disks besides. */
  readonly volumes: ReadonlyArray<VolumeRequest>
  /** Disks that exist already: an offer of another cloud or place than theirs is refused before any request. */
  readonly attach: ReadonlyArray<ExistingVolume>
  readonly registry: RegistryLogin
  /** What to pay per hour at most for an interruptible offer. */
  readonly bid: Money
  /** The place, for an offer that can be placed in several. */
  readonly location: string
  readonly description: string
}

/** The name of one launch option. */
export type LaunchOption = keyof LaunchOptions

/**
 * One description of what to rent and run.
 *
 * - `name`: what people will see; a unique marker is added to it, by which a lost launch is found again.
 * - `key`: names one logical launch. A second call with the same key never rents again: it answers the machine of the
 *   first, also in a new process with the same ledger. Where the first one's outcome is open because its process died,
 *   the call first looks for its machine, for some minutes if need be, until it is found or can no longer appear.
 * - `ttl`: rented for so long, from the launch on: `sweep()` ends it afterwards, also when this process has died. It is
 *   in the ledger before the request leaves. A key that is used again does not change it.
 * - `maxPerHour`: refuse with `OutOfFunds` when the offer costs more; for this limit one USDC counts as one USD. A machine that
 *   turns out dearer is ended: for that a launch waits until its cloud shows it, as long as it may take.
 * - `tags`, `owner`: what it is for, and whose it is. Both are kept in the ledger and sent to no cloud; `spent` adds up by
 *   them. A key that is used again does not change them.
 * - `allowUnknownPrice`: launch although the offer names no price; refused otherwise.
 * - No option is ever dropped silently.
 */
export type LaunchSpec<
  P extends string = string,
  K extends Kind = Kind,
  Options extends LaunchOption = LaunchOption
> = {
  readonly offer: Offer<P, K>
  readonly name: string
  readonly key?: string
  readonly ttl?: Duration.Input
  readonly tags?: Tags
  readonly owner?: string
  readonly maxPerHour?: Money
  readonly allowUnknownPrice?: boolean
} & { readonly [O in Options]?: LaunchOptions[O] } & { readonly [O in Exclude<LaunchOption, Options>]?: never }

/** The longest lease; what is meant to last longer is rented without one. */
const longestLease = Duration.toMillis("36500 days")

/** The milliseconds of a `ttl`, rounded up; null when it is no time above zero, endless, or beyond a hundred years. */
export const leaseMillis = (ttl: Duration.Input): number | null => {
  const millis = Math.ceil(Duration.toMillis(Option.getOrElse(Duration.fromInput(ttl), () => Duration.zero)))
  return millis > 0 && millis <= longestLease ? millis : null
}
