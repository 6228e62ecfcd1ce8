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

/** How to reach a machine; empty lists until the cloud says. The best way comes first. */
export interface Endpoints {
  readonly ssh: ReadonlyArray<SshEndpoint>
  readonly ports: ReadonlyArray<PortMapping>
  readonly urls: ReadonlyArray<string>
  /**
   * False: there will never be one, since the machine was launched without ports and without ssh, as for a batch job.
   */
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

/** A name or an address as it stands in no option and needs no quotes in a shell. */
const isHost = (host: string): boolean =>
  host.length <= 253 && (/^[a-z\d_][\w.-]*$/i.test(host) || /^\[?[\da-f]*:[\da-f:.]+\]?$/i.test(host))
const isUser = (user: string): boolean => /^[a-z_][\w.-]{0,63}$/i.test(user)
/** Whether a number names a port. */
export const isPort = (port: unknown): port is number =>
  Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535
const isUrl = (url: string): boolean => /^https?:\/\/[\p{L}\p{N}\p{P}\p{S}]+$/u.test(url) && URL.canParse(url)

/**
 * The endpoints that can be used: an impossible host, user, port or URL is no way in, and its command
 * is made again. `native` has what the cloud wrote.
 */
export const soundEndpoints = ({ ssh, ports, urls, ...rest }: Endpoints): Endpoints => ({
  ...rest,
  ssh: ssh.flatMap(({ host, port, user, via }) =>
    isHost(host) && isPort(port) && isUser(user) ? [sshEndpoint(host, port, user, via)] : []
  ),
  ports: ports.filter(({ host, port, externalPort }) => isHost(host) && isPort(port) && isPort(externalPort)),
  urls: urls.filter(isUrl)
})
