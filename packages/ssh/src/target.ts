import { type Endpoints, type InstanceRef, InvalidRequest, isPort, sshEndpoint } from "@anygpu/core"
import type { Address } from "./failures.ts"

/** A machine as the SDK shows it: an `Instance`, or what `get` and `waitUntilReady` answer. */
export interface MachineTarget {
  readonly ref: Pick<InstanceRef, "provider" | "kind" | "id">
  readonly endpoints: Endpoints
}

/** Any machine with ssh. */
export interface HostTarget {
  readonly host: string
  /** 22 where it is left out. */
  readonly port?: number | undefined
  /** `root` where it is left out. */
  readonly user?: string | undefined
}

/** What can be connected to. */
export type SshTarget = MachineTarget | HostTarget

/** What is said in the place of what the target says. */
export interface AddressOptions {
  readonly user?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
}

/** Where a target may be reached, the best way first, and the name of its host key. */
export interface Route {
  readonly addresses: ReadonlyArray<Address>
  /** The same for one machine wherever it is reached, and never that of another one. */
  readonly nameOf: (address: Address) => string
}

/** The ways into a machine by ssh: what its cloud names, or its port 22 for a user who is named by the caller. */
const waysInto = ({ endpoints }: MachineTarget, user: string | undefined): ReadonlyArray<Address> => {
  const mapped = endpoints.ports.filter(({ port, protocol }) => port === 22 && protocol === "tcp")
  if (endpoints.ssh.length > 0 || user === undefined) return endpoints.ssh
  return mapped.map(({ host, externalPort }) => sshEndpoint(host, externalPort, user, "direct"))
}

const checked = ({ host, port, user }: Address): Address => {
  if (!isPort(port)) throw InvalidRequest.of("port", `${port} is no port`)
  if (!/^[\w.:%[\]-]+$/.test(host) || host.startsWith("-")) throw InvalidRequest.of("host", "is no name and no address")
  if (!/^[\w.$@+-]+$/.test(user) || user.startsWith("-")) throw InvalidRequest.of("user", "is no name of a user")
  return { host: host.replace(/^\[(.*)\]$/, "$1"), port, user }
}

/** Where to connect to; throws `InvalidRequest` where there is nowhere. */
export const routeTo = (target: SshTarget, { user, host, port }: AddressOptions = {}): Route => {
  const override = ({ host: h, port: p, user: u }: Address): Address =>
    checked({ host: host ?? h, port: port ?? p, user: user ?? u })
  if (!("endpoints" in target)) {
    const address = override({ host: target.host, port: target.port ?? 22, user: target.user ?? "root" })
    return { addresses: [address], nameOf: (at) => `[${at.host}]:${at.port}` }
  }
  const { provider, kind, id } = target.ref
  const named = host === undefined ? [] : [{ host, port: port ?? 22, user: user ?? "root" }]
  const ways = waysInto(target, user)
  const addresses = (ways.length > 0 ? ways : named).map(override)
  if (addresses.length === 0) {
    const problem = "names no way in by ssh: wait until it is ready, launch it with ssh keys, or name host and user"
    throw InvalidRequest.of("target", `${provider}/${kind}/${id} ${problem}`)
  }
  return { addresses, nameOf: () => `anygpu-${provider}-${kind}-${id}` }
}
