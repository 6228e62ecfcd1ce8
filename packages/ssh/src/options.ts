import { homedir } from "node:os"
import { join } from "node:path"
import type * as Duration from "effect/Duration"
import { fileKnownHosts, type KnownHosts } from "./host-keys.ts"
import type { KeyOptions } from "./keys/key-options.ts"
import type { AddressOptions } from "./target.ts"

/** How a machine is connected to. */
export interface ConnectOptions extends KeyOptions, AddressOptions {
  /**
   * How long to go on trying, for a machine that is just starting. Without it one try is made.
   *
   * - A refused login is tried again for two minutes at most: some clouds hand over the keys late.
   * - A changed host key, and a key of yours that cannot be read, are never tried again.
   */
  readonly within?: Duration.Input | undefined
  /**
   * `ssh2`, the default, needs nothing installed. `openssh` is the ssh of this computer, with hardware keys, jumps and
   * `~/.ssh/config`.
   */
  readonly transport?: "ssh2" | "openssh" | undefined
  /** Where host keys are remembered; in memory, as long as the process lives, where it is left out. */
  readonly knownHosts?: KnownHosts | undefined
  /** How long one try may take; 20 seconds where it is left out. */
  readonly tryFor?: Duration.Input | undefined
  /** How often a silent connection is asked whether it is there; 15 seconds. Three answers that are missed end it. */
  readonly keepAlive?: Duration.Input | undefined
  /** How long jobs go on looking for the machine after a lost connection; 5 minutes. */
  readonly patience?: Duration.Input | undefined
}

/** The host keys of this user, in a file of anygpu's own. */
export const userKnownHosts = (): KnownHosts => fileKnownHosts(join(homedir(), ".config", "anygpu", "known_hosts"))
