import { forCaller, type GpuError, placeOfCall } from "@anygpu/core"
import type { ExtendedClient, SshExtension } from "anygpu/effect"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type ConnectedMachine, connect as connectPromised } from "./connect.ts"
import type { SshError } from "./failures.ts"
import type { ConnectOptions } from "./options.ts"
import type { CallOptions } from "./promised.ts"
import { proofWith } from "./proof.ts"
import { type RunEffects, type RunPromises, runEffects, runPromises } from "./run/client.ts"
import { connect, type Session } from "./session.ts"
import { verifyWith } from "./verify/of-launch.ts"
import { type ClientTarget, refOf, wayTo } from "./way.ts"

/** What `ssh()` adds to a client of Effects. */
export interface SshEffects extends RunEffects {
  /**
   * Logs in to a machine of this client, until the scope ends.
   *
   * - A ref is looked up first. With `within`, a machine that is not up yet is waited for in that time too.
   * - The host key that it shows at the first login is kept in the client's ledger; another one later is
   *   `HostKeyChanged`. A container that this client starts, restarts or updates may show a new one.
   * - Private keys of the launch's public ones are tried first.
   * - Fails as `get` and `waitUntilReady` do, and as {@link connect}.
   */
  connect(target: ClientTarget, options?: ConnectOptions): Effect.Effect<Session, SshError, Scope.Scope>
  /** Forgets the host key of a machine that has a new one for a reason that you know: the next login keeps what it is shown. */
  forgetHostKey(target: ClientTarget): Effect.Effect<void, GpuError>
}

/** What `ssh()` adds to a client of Promises. */
export interface SshPromises extends RunPromises {
  /**
   * Logs in to a machine of this client: `await using machine = await gpu.connect(ref)`.
   *
   * - A ref is looked up first. With `within`, a machine that is not up yet is waited for in that time too.
   * - The host key that it shows at the first login is kept in the client's ledger; another one later is
   *   `HostKeyChanged`. A container that this client starts, restarts or updates may show a new one.
   * - Private keys of the launch's public ones are tried first.
   * - Rejects as `get` and `waitUntilReady` do, and as `connect` of this package.
   */
  connect(target: ClientTarget, options?: ConnectOptions & CallOptions): Promise<ConnectedMachine>
  /** Forgets the host key of a machine that has a new one for a reason that you know: the next login keeps what it is shown. */
  forgetHostKey(target: ClientTarget, options?: CallOptions): Promise<void>
}

/** The same call, whose errors begin at the line that called it. */
const atCaller = <Call extends (...args: never[]) => Promise<unknown>>(call: Call): Call => {
  const called = async (...args: never[]): Promise<unknown> => {
    const place = placeOfCall(called)
    try {
      return await call(...args)
    } catch (error) {
      throw forCaller(error, place)
    }
  }
  return called as Call
}

const forgetHostKey = ({ ledger }: ExtendedClient, target: ClientTarget): Effect.Effect<void, GpuError> =>
  Effect.flatMap(refOf(target), (ref) => ledger.keepHostKey(ref, null))

/**
 * Lets a client use its machines by ssh: `createGpu({ clouds, ssh: ssh() })`.
 *
 * - `defaults` hold for each call that says nothing else.
 * - Launches with `sshKeys` then wait until somebody is let in, and `waitUntilReady` does with `ssh: true`.
 * - For Node: it is no part of the SDK, which runs in browsers too.
 *
 * @example
 * ```ts
 * import { createGpu } from "anygpu"
 * import { ssh } from "@anygpu/ssh"
 * import { vast } from "@anygpu/vast"
 *
 * const gpu = createGpu({ clouds: [vast({ apiKey: "..." })], ssh: ssh({ key: "~/.ssh/id_ed25519" }) })
 * await using machine = await gpu.connect("vast/container/4711", { within: "5 minutes" })
 * const { stdout } = await machine.exec("nvidia-smi")
 * console.log(stdout)
 * ```
 */
export const ssh = (defaults: ConnectOptions = {}): SshExtension<SshEffects, SshPromises> => ({
  effects: (client) => ({
    connect: (target, options) =>
      Effect.flatMap(wayTo(client, target, { ...defaults, ...options }), (way) => connect(way.machine, way.options)),
    forgetHostKey: (target) => forgetHostKey(client, target),
    ...runEffects(client, defaults)
  }),
  verify: (ledger) => verifyWith(ledger, defaults),
  promises: (client, run) => {
    const connectTo: SshPromises["connect"] = async (target, { signal, ...options } = {}) => {
      const way = await run(wayTo(client, target, { ...defaults, ...options }), signal)
      return await connectPromised(way.machine, { ...way.options, signal })
    }
    const forget: SshPromises["forgetHostKey"] = (target, { signal } = {}) => run(forgetHostKey(client, target), signal)
    return {
      connect: atCaller(connectTo),
      forgetHostKey: atCaller(forget),
      ...runPromises(client, defaults, run, atCaller)
    }
  },
  proof: (ledger) => proofWith(ledger, defaults)
})
