/** One way to reach the machine by ssh, with the command ready to paste. */
export interface SshEndpoint {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Straight to the machine, or through the cloud's proxy. */
  readonly via: "direct" | "proxy"
  /** For example `ssh -p 32345 root@host`. */
  readonly command: string
}

/** A port of the workload and where it is reached from outside. */
export interface PortMapping {
  readonly port: number
  readonly protocol: "tcp" | "udp" | "http"
  readonly host: string
  readonly externalPort: number
}

/** How to reach a machine; empty lists while the cloud has not told. The best way comes first. */
export interface Endpoints {
  readonly ssh: ReadonlyArray<SshEndpoint>
  readonly ports: ReadonlyArray<PortMapping>
  readonly urls: ReadonlyArray<string>
  /** False: there will never be one, since the machine was launched without ports and without ssh, as for a batch job. */
  readonly expected?: false
}

/** No way to reach the machine is known yet. */
export const noEndpoints: Endpoints = { ssh: [], ports: [], urls: [] }

/** An ssh endpoint with its command. */
export const sshEndpoint = (host: string, port: number, user: string, via: SshEndpoint["via"]): SshEndpoint => ({
  host,
  port,
  user,
  via,
  command: port === 22 ? `ssh ${user}@${host}` : `ssh -p ${port} ${user}@${host}`
})
