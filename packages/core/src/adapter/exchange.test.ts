import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { afterEach, expect, test, vi } from "vitest"
import { type NetworkReason, networkReasons } from "../errors.ts"
import { bySignal, transportOver } from "./exchange.ts"
import { networkAdvice } from "./network-error.ts"

const failing = (cause: unknown) => {
  const transport = transportOver(bySignal(() => Promise.reject(cause)))
  const request = { method: "PUT", url: "https://cloud.test/x?k=v", headers: {}, timeout: Duration.seconds(1) } as const
  return Effect.runPromise(Effect.flip(transport(request)))
}

const coded = (code: string, more: object = {}) => Object.assign(new Error("x"), { code, ...more })

const proxy = (status: number) => ({ message: `Proxy response (${status}) !== 200 when HTTP Tunneling` })

const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause })

const tls = "ERR_TLS_CERT_ALTNAME_INVALID"

test.each<[string, unknown, "no" | "maybe", "temporary" | "permanent", NetworkReason, RegExp]>([
  ["a refused connection", coded("ECONNREFUSED"), "no", "temporary", "refused", /refused the connection/],
  ["an unknown host", coded("ENOTFOUND"), "no", "temporary", "name-not-found", /No address was found.*the DNS/],
  ["a resolver that fails", coded("EAI_AGAIN"), "no", "temporary", "name-not-found", /No address was found/],
  ["a slow connect", coded("UND_ERR_CONNECT_TIMEOUT"), "no", "temporary", "connect-timeout", /in time/],
  ["no answer to a connect", coded("ETIMEDOUT", { syscall: "connect" }), "no", "temporary", "connect-timeout", /./],
  ["no network", coded("ENETUNREACH", { syscall: "connect" }), "no", "temporary", "unreachable", /There is no way to/],
  [
    "a host that is off",
    coded("EHOSTUNREACH", { syscall: "connect" }),
    "no",
    "temporary",
    "unreachable",
    /There is no way to/
  ],
  ["its own certificate", coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "no", "permanent", "tls-self-signed", /EXTRA_CA/],
  ["one of its own above", coded("SELF_SIGNED_CERT_IN_CHAIN"), "no", "permanent", "tls-self-signed", /EXTRA_CA/],
  ["an expired certificate", coded("CERT_HAS_EXPIRED"), "no", "permanent", "tls-expired", /expired.*clock/],
  ["a certificate of tomorrow", coded("CERT_NOT_YET_VALID"), "no", "permanent", "tls-not-yet-valid", /clock/],
  ["another host's certificate", coded(tls), "no", "permanent", "tls-wrong-host", /another host/],
  [
    "an unknown issuer",
    coded("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
    "no",
    "permanent",
    "tls-unknown-issuer",
    /EXTRA_CA/
  ],
  ["a chain cut short", coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "no", "permanent", "tls-unknown-issuer", /EXTRA_CA/],
  ["a revoked certificate", coded("CERT_REVOKED"), "no", "permanent", "tls", /TLS/],
  ["no TLS at all", coded("ERR_SSL_WRONG_VERSION_NUMBER"), "no", "permanent", "tls", /TLS/],
  ["a handshake that fails", coded("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION"), "maybe", "temporary", "tls", /TLS/],
  ["an older word for that", coded("EPROTO", { syscall: "write" }), "maybe", "temporary", "tls", /TLS/],
  ["a proxy that refuses", coded("UND_ERR_ABORTED", proxy(407)), "no", "temporary", "proxy", /proxy.*login/],
  ["a proxy that lies", coded("UND_ERR_PRX_TLS"), "no", "temporary", "proxy", /proxy/],
  [
    "a proxy that is not there",
    coded("ECONNREFUSED", { syscall: "connect", address: "10.0.0.1", port: 3128 }),
    "no",
    "temporary",
    "proxy",
    /proxy/
  ],
  ["a proxy without a name", coded("ENOTFOUND", { hostname: "proxy.test" }), "no", "temporary", "proxy", /proxy/],
  [
    "the cloud itself",
    coded("ECONNREFUSED", { syscall: "connect", address: "10.0.0.2", port: 443 }),
    "no",
    "temporary",
    "refused",
    /refused/
  ],
  ["the cloud's own name", coded("ENOTFOUND", { hostname: "cloud.test" }), "no", "temporary", "name-not-found", /./],
  ["a bad URL", coded("ERR_INVALID_URL"), "no", "permanent", "malformed", /baseUrl/],
  ["a bad header", coded("UND_ERR_INVALID_ARG"), "no", "permanent", "malformed", /headers/],
  ["fetch over a refusal", fetchFailed(coded("ECONNREFUSED")), "no", "temporary", "refused", /./],
  ["fetch over a certificate", fetchFailed(coded("CERT_HAS_EXPIRED")), "no", "permanent", "tls-expired", /./],
  ["fetch of Bun", coded("ConnectionRefused"), "maybe", "temporary", "refused", /./],
  [
    "all addresses refused",
    new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]),
    "no",
    "temporary",
    "refused",
    /./
  ],
  [
    "one address lost",
    new AggregateError([coded("ECONNREFUSED"), coded("ECONNRESET")]),
    "maybe",
    "temporary",
    "reset",
    /./
  ],
  ["no address at all", new AggregateError([]), "maybe", "temporary", "unknown", /./],
  ["a reset", coded("ECONNRESET", { syscall: "read" }), "maybe", "temporary", "reset", /closed before/],
  ["a closed socket", coded("UND_ERR_SOCKET"), "maybe", "temporary", "reset", /closed before/],
  ["a broken pipe", coded("EPIPE", { syscall: "write" }), "maybe", "temporary", "reset", /closed before/],
  ["a host gone while reading", coded("EHOSTUNREACH", { syscall: "read" }), "maybe", "temporary", "unreachable", /./],
  ["a browser's failure", new TypeError("Failed to fetch"), "maybe", "temporary", "unknown", /does not say why/],
  ["something that is no error", "x", "maybe", "temporary", "unknown", /does not say why/]
])("%s", async (_, cause, sent, retry, reason, words) => {
  const error = await failing(cause)
  expect(error).toMatchObject({ _tag: "Network", sent, retry, reason })
  expect(error.message).toMatch(/cloud\.test.*: check/)
  expect(error.message).toMatch(words)
  expect(error.message).not.toContain("k=v")
})

test("every reason has words and advice of its own", () => {
  for (const reason of networkReasons) expect(networkAdvice(reason)).toMatch(/^check .{10,}$/)
})

afterEach(() => {
  vi.useRealTimers()
})

const slow = { method: "GET", url: "https://cloud.test/x", headers: {}, timeout: Duration.seconds(30) } as const

test("the time limit ends an exchange on the real clock as well, and aborts it", async () => {
  vi.useFakeTimers()
  const signals: AbortSignal[] = []
  const never = bySignal((_, signal) => {
    signals.push(signal)
    return new Promise(() => {})
  })
  const transport = transportOver(never)
  const ended = Effect.runPromise(Effect.flip(transport(slow)))
  await vi.advanceTimersByTimeAsync(29_999)
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  await vi.advanceTimersByTimeAsync(1)
  expect(await ended).toMatchObject({ _tag: "Timeout", retry: "temporary" })
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

test.each([
  ["answered", () => Promise.resolve({ status: 200, headers: {}, text: "" })],
  ["failed", () => Promise.reject(coded("ECONNRESET"))]
])("an exchange that %s leaves no timer behind", async (_, exchange) => {
  vi.useFakeTimers()
  await Effect.runPromise(Effect.exit(transportOver(bySignal(exchange))(slow)))
  expect(vi.getTimerCount()).toBe(0)
})

test("an exchange that was interrupted leaves no timer behind", async () => {
  vi.useFakeTimers()
  const interrupt = new AbortController()
  const never = transportOver(bySignal(() => new Promise(() => {})))(slow)
  const ended = Effect.runPromiseExit(never, { signal: interrupt.signal })
  expect(vi.getTimerCount()).toBe(1)
  interrupt.abort()
  await ended
  expect(vi.getTimerCount()).toBe(0)
})
