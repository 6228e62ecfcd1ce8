import type { Address } from "../failures.ts"
import type { KnownHosts } from "../host-keys.ts"
import type { KeyOptions } from "../keys/key-options.ts"

/** Everything that one login needs. */
export interface Login extends KeyOptions {
  readonly address: Address
  /** The name under which the host key is remembered. */
  readonly name: string
  readonly knownHosts: KnownHosts
  /** How often a silent connection is asked whether it is there, in milliseconds; three that are missed end it. */
  readonly keepAlive: number
}
