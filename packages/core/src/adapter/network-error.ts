import { Network, type NetworkReason } from "../errors.ts"
import { tooLargeCode } from "./answer-size.ts"

/** What is said of each reason, and what to look at. */
const words: Readonly<Record<NetworkReason, readonly [said: (host: string) => string, advice: string]>> = {
  "name-not-found": [(host) => `No address was found for ${host}`, "check the network, the DNS and baseUrl"],
  refused: [(host) => `${host} refused the connection`, "check baseUrl and the network: a firewall, a proxy"],
  unreachable: [(host) => `There is no way to ${host} from here`, "check the network: a VPN, a firewall"],
  "connect-timeout": [
    (host) => `${host} did not take the connection in time`,
    "check the network: a firewall, a proxy, a VPN"
  ],
  reset: [
    (host) => `The connection to ${host} was closed before the whole answer came`,
    "check the network, and try again"
  ],
  "tls-expired": [
    (host) => `The certificate of ${host} has expired`,
    "check this computer's clock, and whether a proxy answers in its place"
  ],
  "tls-not-yet-valid": [(host) => `The certificate of ${host} is not valid yet`, "check this computer's clock"],
  "tls-self-signed": [
    (host) => `The certificate of ${host} is signed by nobody who is trusted here`,
    "check baseUrl; behind a proxy that reads along, name its authority in NODE_EXTRA_CA_CERTS"
  ],
  "tls-unknown-issuer": [
    (host) => `The certificate of ${host} was issued by an authority that is not known here`,
    "check baseUrl; behind a proxy that reads along, name its authority in NODE_EXTRA_CA_CERTS"
  ],
  "tls-wrong-host": [
    (host) => `${host} answered with the certificate of another host`,
    "check baseUrl, the DNS, and whether a login page or a proxy answers in its place"
  ],
  tls: [
    (host) => `No secure connection to ${host} could be made (TLS)`,
    "check baseUrl, and whether a proxy answers in its place"
  ],
  proxy: [(host) => `The proxy did not lead to ${host}`, "check the proxy and the login to it"],
  "too-large": [
    (host) => `The answer of ${host} is longer than this client reads`,
    "check baseUrl, or raise maxAnswerBytes of the transport"
  ],
  malformed: [(host) => `The request to ${host} could not be built`, "check baseUrl and the headers"],
  unknown: [
    (host) => `The connection to ${host} failed, and this platform does not say why`,
    "check the network and baseUrl"
  ]
}

/** What to look at after such a failure: `check this computer's clock`. */
export const networkAdvice = (reason: NetworkReason): string => words[reason][1]

/** What the codes of Node, of undici and of Bun mean. */
const reasons: ReadonlyArray<readonly [RegExp, NetworkReason]> = [
  [/^(ERR_INVALID_URL|UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_ARG_TYPE)$/, "malformed"],
  [new RegExp(`^${tooLargeCode}$`), "too-large"],
  [/^CERT_HAS_EXPIRED$/, "tls-expired"],
  [/^CERT_NOT_YET_VALID$/, "tls-not-yet-valid"],
  [/^(DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED)/, "tls-self-signed"],
  [/^(UNABLE_TO_(VERIFY|GET)_|CERT_UNTRUSTED$)/, "tls-unknown-issuer"],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, "tls-wrong-host"],
  [/^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO$)/, "tls"],
  [/^UND_ERR_(PRX_|SOCKS)/, "proxy"],
  [/^(ENOTFOUND|EAI_)/, "name-not-found"],
  [/^(ECONNREFUSED|ConnectionRefused)$/, "refused"],
  [/^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL)$/, "unreachable"],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, "connect-timeout"],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|ConnectionClosed)$/, "reset"]
]

/** Codes that come of a check of the certificate, or of a handshake with something that does not speak TLS. */
const beforeSending =
  /^(CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(VERIFY|GET)_|HOSTNAME_MISMATCH|ERR_SSL_WRONG_VERSION)/

const unreached = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"])

/** What a cause proves: why it failed, whether the cloud can have seen the request, and whether it may pass. */
interface Failure {
  readonly reason: NetworkReason
  readonly sent: "no" | "maybe"
  readonly permanent: boolean
}

const isTunnel = ({ message }: Error): boolean => message.includes("HTTP Tunneling")

const failureOf = (cause: unknown): Failure => {
  const nothing: Failure = { reason: "unknown", sent: "maybe", permanent: false }
  if (!(cause instanceof Error)) return nothing
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    const failures = cause.errors.map(failureOf)
    return failures.find(({ sent }) => sent === "maybe") ?? failures[0] ?? nothing
  }
  if (isTunnel(cause)) return { reason: "proxy", sent: "no", permanent: false }
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : ""
  const reason = reasons.find(([pattern]) => pattern.test(code))?.[1]
  const connecting = "syscall" in cause && (cause.syscall === "connect" || cause.syscall === "getaddrinfo")
  const isUnsendable = reason === "malformed" || beforeSending.test(code)
  const permanent = isUnsendable || reason === "too-large"
  const isUnsent = isUnsendable || connecting || reason === "proxy" || unreached.has(code)
  if (reason === undefined && !connecting && cause.cause !== undefined) return failureOf(cause.cause)
  return { reason: reason ?? "unknown", sent: isUnsent ? "no" : "maybe", permanent }
}

/** The host of an address, as messages name it. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "the given URL")

const portOf = ({ port, protocol }: URL): number => (port ? Number(port) : protocol === "http:" ? 80 : 443)

/** Whether it was somebody else who could not be reached: the connection went to another port, or to another name. */
const isElsewhere = (cause: unknown, url: URL): boolean => {
  if (!(cause instanceof Error)) return false
  if (cause instanceof AggregateError) return cause.errors.some((one) => isElsewhere(one, url))
  if ("hostname" in cause && typeof cause.hostname === "string") return cause.hostname !== url.hostname
  if ("port" in cause && typeof cause.port === "number") return cause.port !== portOf(url)
  return isElsewhere(cause.cause, url)
}

/** The error that a failed exchange with `url` amounts to; neither its path nor its query is in the message. */
export const networkError = (url: string, cause: unknown): Network => {
  const { reason: why, sent, permanent } = failureOf(cause)
  const isProxys = sent === "no" && URL.canParse(url) && isElsewhere(cause, new URL(url))
  const reason = isProxys ? "proxy" : why
  const [said, advice] = words[reason]
  return new Network({
    message: `${said(hostOf(url))}: ${advice}`,
    retry: permanent ? "permanent" : "temporary",
    sent,
    reason,
    cause
  })
}
