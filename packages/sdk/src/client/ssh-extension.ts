import { type GpuError, InvalidRequest, type Ledger } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { VerifyMachine } from "../placement/verify.ts"
import type { Gpu } from "./gpu.ts"
import type { LoginProof } from "./login-proof.ts"
import type { Run } from "./promised.ts"

/** What an extension is made for: a client without it, and the ledger that this client runs on. */
export interface ExtendedClient {
  readonly gpu: Gpu
  readonly ledger: Ledger
}

/**
 * What lets a client use machines by ssh: `ssh()` of `@anygpu/ssh` makes one.
 *
 * - The SDK itself knows no ssh, so that it runs where there is no Node.
 */
export interface SshExtension<Effects extends object = object, Promises extends object = object> {
  /** What the client has on top, as Effects. */
  readonly effects: (client: ExtendedClient) => Effects
  /** Asks a machine what it is, for launches with `verify`. It takes real time, whatever the clock of the client. */
  readonly verify: (ledger: Ledger) => VerifyMachine
  /** The same in Promises; `run` runs an Effect on the client's clock. */
  readonly promises: (client: ExtendedClient, run: Run) => Promises
  /** How `waitUntilReady` and a launch prove that a machine lets somebody in. */
  readonly proof: (ledger: Ledger) => LoginProof
}

/** What a client has on top of {@link Gpu} by its extension, as Effects; nothing without one. */
export type AddedEffects<Ssh extends SshExtension | undefined> = [Ssh] extends [SshExtension<infer Effects, object>]
  ? Effects
  : unknown

/** What a client has on top by its extension, in Promises; nothing without one. */
export type AddedPromises<Ssh extends SshExtension | undefined> = [Ssh] extends [SshExtension<object, infer Promises>]
  ? Promises
  : unknown

/** What needs ssh in a client that has none. */
const withoutSsh = (): Effect.Effect<never, GpuError> =>
  Effect.fail(InvalidRequest.of("ssh", "is needed for this: pass `ssh: ssh()` of @anygpu/ssh to the client"))

/** The calls of an extension, in a client without one: for callers whom no type warns. */
export const callsWithoutSsh: Readonly<Record<string, typeof withoutSsh>> = {
  connect: withoutSsh,
  forgetHostKey: withoutSsh,
  run: withoutSsh,
  runEvents: withoutSsh,
  attach: withoutSsh,
  stopRun: withoutSsh,
  runs: withoutSsh
}
