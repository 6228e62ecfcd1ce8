import {
  type GpuError,
  type HostKeyChanged,
  InvalidRequest,
  isGpuError,
  monotonicMillis,
  withContext
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { type Address, asSshError, type SshError, unreachable } from "./failures.ts"
import { memoryKnownHosts } from "./host-keys.ts"
import type { ConnectOptions } from "./options.ts"
import { type Route, routeTo, type SshTarget } from "./target.ts"
import type { Connection } from "./transport/connection.ts"
import type { Login } from "./transport/login.ts"
import { connectOpenSsh } from "./transport/openssh.ts"
import { connectSsh2 } from "./transport/ssh2.ts"

/** A machine that is connected to when it is needed, and again after a loss. */
export interface Link {
  /** Where the connection leads to. */
  readonly address: () => Address
  /** The connection: the one there is, or a new one. */
  readonly connection: Effect.Effect<Connection, SshError>
  /** How long jobs look for the machine after a loss. */
  readonly patience: Duration.Duration
  /** Ends the connection for good. */
  readonly close: Effect.Effect<void>
}

const connectors = { ssh2: connectSsh2, openssh: connectOpenSsh }
const sharedKnownHosts = memoryKnownHosts()

/** What two minutes of refusals are worth: some clouds put the keys onto a machine after its sshd is up. */
const refusalsFor = Duration.toMillis("2 minutes")

/** Whether one more try may go better. */
const mayPass = (error: SshError): boolean =>
  (error._tag === "Unreachable" || error._tag === "LoginRefused" || error._tag === "ConnectionLost") &&
  error.retry === "temporary"

/** One try on one address. */
const tryAddress = (address: Address, route: Route, options: ConnectOptions): Effect.Effect<Connection, SshError> => {
  const { knownHosts = sharedKnownHosts, transport = "ssh2", keepAlive = "15 seconds", tryFor = "20 seconds" } = options
  const login: Login = {
    ...options,
    address,
    name: route.nameOf(address),
    knownHosts,
    keepAlive: Duration.toMillis(keepAlive)
  }
  return Effect.timeoutOrElse(
    Effect.tryPromise({
      try: (signal) => connectors[transport](login, signal),
      catch: (error) => asSshError(address, error)
    }),
    { duration: tryFor, orElse: () => Effect.fail(unreachable(address, "connect-timeout")) }
  )
}

/** One try on each address, until one answers; a changed key or a refusal ends it. */
const tryRoute = (route: Route, options: ConnectOptions): Effect.Effect<readonly [Connection, Address], SshError> => {
  const from = (index: number): Effect.Effect<readonly [Connection, Address], SshError> => {
    const address = route.addresses[index]
    if (address === undefined) return Effect.fail(InvalidRequest.of("target", "names no way in by ssh"))
    const one = Effect.map(tryAddress(address, route, options), (connection) => [connection, address] as const)
    const isLast = index === route.addresses.length - 1
    return isLast ? one : Effect.catchTag(one, "Unreachable", () => from(index + 1))
  }
  return from(0)
}

const gaveUp = (error: SshError, tries: number, within: Duration.Duration): GpuError =>
  withContext(error, {
    message: `Tried ${tries} times within ${Duration.format(within)}. At last: ${error.message}`,
    retry: "exhausted"
  })

/** Tries until it works, the time is over, or a failure that stays. `since` is when that time began: now where it is left out. */
const dial = (
  route: Route,
  options: ConnectOptions,
  since?: number
): Effect.Effect<readonly [Connection, Address], SshError> =>
  Effect.gen(function* () {
    const once = tryRoute(route, options)
    if (options.within === undefined) return yield* once
    const within = Duration.fromInputUnsafe(options.within)
    const end = (since ?? (yield* monotonicMillis)) + Duration.toMillis(within)
    let refusedSince: number | null = null
    for (let tries = 1; ; tries++) {
      const left = end - (yield* monotonicMillis)
      const result = yield* Effect.result(
        Effect.timeoutOrElse(once, {
          duration: Math.max(1, left),
          orElse: () =>
            Effect.fail(unreachable(route.addresses[0] ?? { host: "", port: 0, user: "" }, "connect-timeout"))
        })
      )
      if (result._tag === "Success") return result.success
      const error = result.failure
      const now = yield* monotonicMillis
      refusedSince = error._tag === "LoginRefused" ? (refusedSince ?? now) : null
      if (!mayPass(error)) return yield* error
      const pause = Math.min(5000, 250 * 2 ** Math.min(tries, 5))
      const refusedLong = refusedSince !== null && now - refusedSince > refusalsFor
      if (refusedLong || now + pause >= end) return yield* gaveUp(error, tries, within)
      yield* Effect.sleep(pause)
    }
  })

/**
 * A link that holds a first connection already. Fails as the first connection does.
 *
 * - `since`, a moment of `monotonicMillis`: `within` counts from it, for a caller who tries again within one time.
 */
export const makeLink = (target: SshTarget, options: ConnectOptions, since?: number): Effect.Effect<Link, SshError> =>
  Effect.gen(function* () {
    const route = yield* Effect.try({ try: () => routeTo(target, options), catch: asThrown })
    const turn = yield* Semaphore.make(1)
    let [current, address] = yield* dial(route, options, since)
    let alive = true
    let closed = false
    const watch = (connection: Connection) =>
      void connection.lost.then(() => {
        if (connection === current) alive = false
      })
    watch(current)
    const redial = Effect.gen(function* () {
      if (closed) return yield* InvalidRequest.of("session", "is closed")
      if (alive) return current
      const next = yield* dial(route, { ...options, within: undefined })
      current = next[0]
      address = next[1]
      alive = true
      watch(current)
      return current
    })
    return {
      address: () => address,
      connection: turn.withPermits(1)(redial),
      patience: Duration.fromInputUnsafe(options.patience ?? "5 minutes"),
      close: Effect.promise(() => {
        closed = true
        return current.close()
      })
    }
  })

/** What a check of the arguments threw. */
const asThrown = (error: unknown): SshError | HostKeyChanged => {
  if (isGpuError(error)) return error
  throw error
}
