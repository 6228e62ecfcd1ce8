import { inspect } from "node:util"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import * as errors from "./errors.ts"
import { InstanceRef } from "./model/ref.ts"

const cause = new Error("socket hang up")
const base = { message: "it failed: try again", retry: "temporary", cause } as const

const one: { readonly [T in errors.GpuError["_tag"]]: Extract<errors.GpuError, { _tag: T }> } = {
  Unsupported: new errors.Unsupported({ ...base, feature: "logs" }),
  IllegalAction: new errors.IllegalAction({ ...base, action: "stop", status: "failed", legal: ["terminate"] }),
  InvalidRequest: new errors.InvalidRequest({ ...base, issues: [{ path: "gpu", problem: "unknown" }] }),
  Unauthenticated: new errors.Unauthenticated(base),
  PermissionDenied: new errors.PermissionDenied(base),
  NotFound: new errors.NotFound(base),
  Conflict: new errors.Conflict(base),
  NoCapacity: new errors.NoCapacity(base),
  OutOfFunds: new errors.OutOfFunds({ ...base, needed: { micros: 1, currency: "USD" } }),
  RateLimited: new errors.RateLimited({ ...base, retryAfter: Duration.seconds(2) }),
  Timeout: new errors.Timeout({ ...base, after: Duration.seconds(30) }),
  Network: new errors.Network({ ...base, sent: "maybe" }),
  ProviderFault: new errors.ProviderFault(base),
  BadResponse: new errors.BadResponse({ ...base, path: "data.id" }),
  LaunchUnsettled: new errors.LaunchUnsettled({ ...base, marker: "m-1" }),
  Unreachable: new errors.Unreachable({ ...base, host: "192.0.2.1", port: 22, reason: "refused" }),
  LoginRefused: new errors.LoginRefused({ ...base, user: "root", tried: ["~/.ssh/id_ed25519"] }),
  HostKeyChanged: new errors.HostKeyChanged({ ...base, host: "192.0.2.1", expected: "SHA256:a", shown: "SHA256:b" }),
  ConnectionLost: new errors.ConnectionLost(base),
  RemoteFailed: new errors.RemoteFailed({ ...base, code: 1, signal: null, stderr: "no such file" })
}
const all: ReadonlyArray<errors.GpuError> = Object.values(one)

describe.each(all.map((error) => [error._tag, error] as const))("%s", (tag, error) => {
  test("is an Error that says what to do, and one of ours", () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: tag, message: base.message, cause })
    expect(errors.isGpuError(error)).toBe(true)
  })

  test("can be failed with and caught by its tag", () => {
    expect(Effect.runSync(Effect.flip(Effect.fail(error)))).toBe(error)
  })

  test("keeps everything when more is known about it", () => {
    const ref = new InstanceRef("vast", "container", "7")
    const more = errors.withContext(error, { provider: "vast", kind: "container", operation: "get", leftovers: [ref] })
    expect(more).toBeInstanceOf(error.constructor)
    expect(more).toMatchObject({ ...error, _tag: tag, message: base.message, retry: "temporary", provider: "vast" })
    expect(more.cause).toBe(cause)
    expect(more.leftovers).toEqual([ref])
    expect(error.provider).toBeUndefined()
  })
})

describe("withContext", () => {
  test("later fields win, and undefined ones change nothing", () => {
    const first = errors.withContext(one.Timeout, { operation: "list", requestId: "r-1" })
    const second = errors.withContext(first, { operation: "get", requestId: undefined, message: "timed out" })
    expect(second).toMatchObject({ operation: "get", requestId: "r-1", message: "timed out" })
    expect(second.after).toEqual(Duration.seconds(30))
  })
})

test("InvalidRequest names every wrong value", () => {
  expect(errors.InvalidRequest.of("name", "is empty")).toMatchObject({
    message: "name: is empty",
    retry: "permanent",
    issues: [{ path: "name", problem: "is empty" }]
  })
  const both = errors.InvalidRequest.all([
    { path: "a", problem: "x" },
    { path: "b", problem: "y" }
  ])
  expect(both.message).toBe("a: x; b: y")
})

test("errors of others are not taken for ours", () => {
  const foreign = Object.assign(new Error("x"), { _tag: "NotFound" })
  expect(errors.isGpuError(foreign)).toBe(true)
  const others = [
    null,
    "NotFound",
    { _tag: "NotFound" },
    new Error("x"),
    Object.assign(new Error("x"), { _tag: "Odd" })
  ]
  for (const value of [...others, Object.assign(new Error("x"), { _tag: "toString" })]) {
    expect(errors.isGpuError(value)).toBe(false)
  }
})

test("a failed write may have taken effect only when its answer was lost, broken or a server's fault", () => {
  const lost = ["BadResponse", "ConnectionLost", "LaunchUnsettled", "Network", "ProviderFault", "Timeout"]
  const may = all.filter(errors.mayHaveTakenEffect).map(({ _tag }) => _tag)
  expect(may.sort()).toEqual(lost)
  expect(errors.mayHaveTakenEffect(new errors.Network({ ...base, sent: "no" }))).toBe(false)
})

test("in a console an error shows its name, its message and what else is known", () => {
  const error = errors.InvalidRequest.of("gpu", "is unknown")
  const text = inspect(errors.withContext(error, { provider: "vast", operation: "offers", cause: new Error("inner") }))
  expect(text).toMatch(/^InvalidRequest: gpu: is unknown \{/)
  expect(text).toContain("operation: 'offers'")
  expect(text).toContain("cause: 'inner'")
  expect(text).not.toContain("    at ")
})
