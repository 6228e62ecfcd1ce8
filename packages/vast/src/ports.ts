import type { PortMapping } from "@anygpu/core"
import type * as wire from "./wire.ts"

type Binding = NonNullable<Extract<wire.Instance["ports"], { readonly [name: string]: unknown }>[string]>[number]

/** Addresses that only the machine itself, or its own network, can reach. */
const inside = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/i

/** How well an address at which a port is bound is reached from outside, the best first; 4 is not at all. */
const reachOf = (bound: string | null | undefined, host: string): number => {
  if (bound === host) return 0
  if (!bound || bound === (host.includes(":") ? "::" : "0.0.0.0")) return 1
  if (bound === "::" || bound === "0.0.0.0") return 2
  return inside.test(bound) ? 4 : 3
}

/** The port outside of one that is bound at several addresses: at the one that is reached from outside. */
const outsideOf = (bindings: ReadonlyArray<Binding>, host: string): number | null => {
  const bound = bindings.filter(({ HostPort }) => HostPort != null && Number(HostPort) <= 65_535)
  const [best] = bound.toSorted((a, b) => reachOf(a.HostIp, host) - reachOf(b.HostIp, host))
  return best && reachOf(best.HostIp, host) < 4 ? Number(best.HostPort) : null
}

/** The ports of a machine that are reached at this address. */
export const portsOf = (row: wire.Instance, host: string): ReadonlyArray<PortMapping> =>
  Object.entries(Array.isArray(row.ports) ? {} : (row.ports ?? {})).flatMap(([name, bindings]) => {
    const match = /^(\d{1,5})\/(tcp|udp)$/.exec(name)
    const externalPort = outsideOf(bindings ?? [], host)
    if (!match || externalPort === null) return []
    return [{ port: Number(match[1]), protocol: match[2] === "udp" ? "udp" : "tcp", host, externalPort }]
  })
