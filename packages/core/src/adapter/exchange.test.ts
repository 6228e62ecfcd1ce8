import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { afterEach, expect, test, vi } from "vitest"
import { bySignal, transportOver } from "./exchange.ts"

const failing = (cause: unknown) => {
  const transport = transportOver(bySignal(() => Promise.reject(cause)))
  const request = { method: "PUT", url: "https://cloud.test/x?k=v", headers: {}, timeout: Duration.seconds(1) } as const
  return Effect.runPromise(Effect.flip(transport(request)))
}

const coded = (code: string, more: object = {}) => Object.assign(new Error("x"), { code, ...more })

test.each<[string, unknown, "no" | "maybe", "temporary" | "permanent"]>([
  ["a refused connection", coded("ECONNREFUSED"), "no", "temporary"],
  ["an unknown host", coded("ENOTFOUND"), "no", "temporary"],
  ["a resolver that fails", coded("EAI_AGAIN"), "no", "temporary"],
  ["a slow connect", coded("UND_ERR_CONNECT_TIMEOUT"), "no", "temporary"],
  ["an unreachable network", coded("ENETUNREACH", { syscall: "connect" }), "no", "temporary"],
  ["a self-signed certificate", coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "no", "permanent"],
  ["an expired certificate", coded("CERT_HAS_EXPIRED"), "no", "permanent"],
  ["another host's certificate", coded("ERR_TLS_CERT_ALTNAME_INVALID"), "no", "permanent"],
  ["an unknown issuer", coded("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), "no", "permanent"],
  ["a bad URL", coded("ERR_INVALID_URL"), "no", "permanent"],
  ["a bad header", coded("UND_ERR_INVALID_ARG"), "no", "permanent"],
  ["fetch over a refusal", new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }), "no", "temporary"],
  ["all addresses refused", new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]), "no", "temporary"],
  ["one address lost", new AggregateError([coded("ECONNREFUSED"), coded("ECONNRESET")]), "maybe", "temporary"],
  ["no address at all", new AggregateError([]), "maybe", "temporary"],
  ["a reset", coded("ECONNRESET", { syscall: "read" }), "maybe", "temporary"],
  ["a closed socket", coded("UND_ERR_SOCKET"), "maybe", "temporary"],
  ["a host gone while reading", coded("EHOSTUNREACH", { syscall: "read" }), "maybe", "temporary"],
  ["a browser's failure without a reason", new TypeError("Failed to fetch"), "maybe", "temporary"],
  ["something that is no error", "x", "maybe", "temporary"]
])("%s", async (_, cause, sent, retry) => {
  const error = await failing(cause)
  expect(error).toMatchObject({ _tag: "Network", sent, retry })
  expect(error.message).toMatch(/cloud\.test.*: check/)
  expect(error.message).not.toContain("k=v")
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
