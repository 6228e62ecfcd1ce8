import { forCaller, type GpuError, InstanceRef, monotonicMillis, placeOfCall } from "@anygpu/core"
import type { ExtendedClient, Gpu, SshExtension } from "anygpu/effect"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type ConnectedMachine, connect as connectPromised } from "./connect.ts"
import type { SshError } from "./failures.ts"
import { memoryKnownHosts } from "./host-keys.ts"
import type { ConnectOptions } from "./options.ts"
import type { CallOptions } from "./promised.ts"
import { connect, type Session } from "./session.ts"
import type { MachineTarget } from "./target.ts"

/** A machine of a client: its ref, the text of one such as `vast/container/123`, or the machine as the client showed it. */
export type ClientTarget = InstanceRef | string | MachineTarget

/** What `ssh()` adds to a client of Effects. */
export interface SshEffects {
  /**
   * Logs in to a machine of this client, until the scope ends.
   *
   * - A ref is looked up first. With `within`, a machine that is not up yet is waited for in that time too.
   * - Fails as `get` and `waitUntilReady` do, and as {@link connect}.
   */
  connect(target: ClientTarget, options?: ConnectOptions): Effect.Effect<Session, SshError, Scope.Scope>
}

/** What `ssh()` adds to a client of Promises. */
export interface SshPromises {
  /**
   * Logs in to a machine of this client: `await using machine = await gpu.connect(ref)`.
   *
   * - A ref is looked up first. With `within`, a machine that is not up yet is waited for in that time too.
   * - Rejects as `get` and `waitUntilReady` do, and as `connect` of this package.
   */
  connect(target: ClientTarget, options?: ConnectOptions & CallOptions): Promise<ConnectedMachine>
}

/** Where to log in, and how. */
interface Way {
  readonly machine: MachineTarget
  readonly options: ConnectOptions
}

const isShown = (target: ClientTarget): target is MachineTarget => typeof target === "object" && "endpoints" in target

/** Whether the machine names a way in, or the caller does. */
const hasWayIn = ({ endpoints }: MachineTarget, { host, user }: ConnectOptions): boolean =>
  endpoints.ssh.length > 0 ||
  host !== undefined ||
  (user !== undefined && endpoints.ports.some(({ port }) => port === 22))

/** The machine with a way in, and what is left of the time for the login. */
const wayTo = Effect.fnUntraced(function* (gpu: Gpu, target: ClientTarget, options: ConnectOptions) {
  const began = yield* monotonicMillis
  const machine = isShown(target) ? target : yield* gpu.get(target)
  const { within, ...rest } = options
  if (within === undefined || hasWayIn(machine, options)) return { machine, options }
  const { provider, kind, id } = machine.ref
  const ready = yield* gpu.waitUntilReady(new InstanceRef(provider, kind, id), { within })
  const left = Duration.toMillis(within) - ((yield* monotonicMillis) - began)
  return { machine: ready, options: { ...rest, within: Math.max(1, left) } }
}) satisfies (...args: never[]) => Effect.Effect<Way, GpuError>

/**
 * Lets a client use its machines by ssh: `createGpu({ clouds, ssh: ssh() })`.
 *
 * - `defaults` hold for each call that says nothing else.
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
export const ssh = (defaults: ConnectOptions = {}): SshExtension<SshEffects, SshPromises> => {
  const usual: ConnectOptions = { knownHosts: memoryKnownHosts(), ...defaults }
  return {
    effects: ({ gpu }) => ({
      connect: (target, options) =>
        Effect.flatMap(wayTo(gpu, target, { ...usual, ...options }), (way) => connect(way.machine, way.options))
    }),
    promises: ({ gpu }: ExtendedClient, run) => {
      const connectTo: SshPromises["connect"] = async (target, { signal, ...options } = {}) => {
        const place = placeOfCall(connectTo)
        try {
          const way = await run(wayTo(gpu, target, { ...usual, ...options }), signal)
          return await connectPromised(way.machine, { ...way.options, signal })
        } catch (error) {
          throw forCaller(error, place)
        }
      }
      return { connect: connectTo }
    }
  }
}
