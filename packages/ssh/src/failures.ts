import { ConnectionLost, type GpuError, isGpuError, LoginRefused, type NetworkReason, Unreachable } from "@anygpu/core"

/** What the functions of this package fail with: the errors of the SDK's catalogue. */
export type SshError = GpuError

/** Where ssh listens, and who logs in. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
}

/** What is said of each reason, after the host and port. */
const words: Partial<Readonly<Record<NetworkReason, string>>> = {
  "name-not-found": "there is no address of that name: check it, and the network",
  refused: "nothing listens there: sshd is not up yet, or the port is another one",
  unreachable: "there is no way there from here: check the network, a VPN, a firewall",
  "connect-timeout": "no answer came: the machine is not up yet, or a firewall drops what is sent",
  reset: "the connection was closed before the login: sshd may not be up yet",
  malformed: "what answers there is no ssh server: check the port"
}

const codes: ReadonlyArray<readonly [RegExp, NetworkReason]> = [
  [/ENOTFOUND|EAI_|resolve hostname/i, "name-not-found"],
  [/ECONNREFUSED|connection refused/i, "refused"],
  [/ENETUNREACH|EHOSTUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL|no route|network is unreachable/i, "unreachable"],
  [/ETIMEDOUT|timed out/i, "connect-timeout"],
  [/ECONNRESET|ECONNABORTED|EPIPE|connection (reset|closed)|closed by|lost before handshake/i, "reset"],
  [/invalid (identification|ssh)|bad packet|identification string|banner|protocol mismatch/i, "malformed"]
]

/** Why no connection came about, by a code of Node or by what the system's ssh writes. */
export const reasonOf = (text: string): NetworkReason => codes.find(([pattern]) => pattern.test(text))?.[1] ?? "unknown"

/** No connection came about. */
export const unreachable = ({ host, port }: Address, reason: NetworkReason, cause?: unknown): Unreachable =>
  new Unreachable({
    message: `${host}:${port} cannot be reached by ssh: ${words[reason] ?? "the connection failed"}`,
    retry: "temporary",
    host,
    port,
    reason,
    cause
  })

/** The machine let nobody in. */
export const loginRefused = (
  { host, port, user }: Address,
  tried: ReadonlyArray<string>,
  cause?: unknown
): LoginRefused =>
  new LoginRefused({
    message:
      tried.length === 0
        ? `There is no key to log in to ${host}:${port} as ${user} with: name one with \`key\`, or add it to the agent`
        : `${host}:${port} lets ${user} in with none of these keys: ${tried.join(", ")}. Name the key it was launched with`,
    retry: tried.length === 0 ? "permanent" : "temporary",
    user,
    tried,
    cause
  })

/** The connection ended under what was done on it. */
export const connectionLost = ({ host, port }: Address, cause?: unknown): ConnectionLost =>
  new ConnectionLost({
    message: `The connection to ${host}:${port} ended before the machine reported the result: look there before doing it again`,
    retry: "temporary",
    cause
  })

/** What was thrown, as an error of the catalogue: anything else is a loss of the connection. */
export const asSshError = (address: Address, error: unknown): SshError =>
  isGpuError(error) ? error : connectionLost(address, error)
