import { monotonicMillis, RemoteFailed } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Address, SshError } from "./failures.ts"
import { makeLink } from "./link.ts"
import type { ConnectOptions } from "./options.ts"
import { exec } from "./process.ts"
import type { SshTarget } from "./target.ts"

/** A machine that somebody was logged in to. */
export interface Reached {
  /** The way that worked. */
  readonly address: Address
  /** How long it took, in milliseconds. */
  readonly after: number
}

/** What is run to see that a login is of use: a login alone is taken by some machines that then run nothing. */
const proof = "echo anygpu-ready"

/** One login, within a time that began at `since`, and a command. */
const prove = (target: SshTarget, options: ConnectOptions, since: number): Effect.Effect<Address, SshError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const opened = makeLink(target, options, since)
      const link = yield* Effect.acquireRelease(opened, ({ close }) => close, { interruptible: true })
      const { code, signal, stdout, stderr } = yield* exec(link, proof, { timeout: options.tryFor ?? "20 seconds" })
      if (code === 0 && stdout.includes("anygpu-ready")) return link.address()
      const message = `The machine lets in and runs no command: ${stderr.trim().slice(-500) || `it ended with ${code ?? signal}`}`
      return yield* new RemoteFailed({ message, retry: "permanent", code, signal, stderr: stderr.slice(-2000) })
    })
  )

/**
 * Proves that a machine can be used: somebody is let in and a command runs there, within a time (5 minutes where
 * `within` is left out).
 *
 * - A machine that takes the login and is gone again, since its sshd is restarted while it is set up, is tried again.
 * - Fails with the last that was in the way: `Unreachable` with its `reason` (`refused`, `connect-timeout`, ...),
 *   `LoginRefused` for a key that is not accepted, `HostKeyChanged`, `RemoteFailed` where no command runs.
 */
export const ready = (target: SshTarget, options: ConnectOptions = {}): Effect.Effect<Reached, SshError> =>
  Effect.gen(function* () {
    const began = yield* monotonicMillis
    const within = options.within ?? "5 minutes"
    const end = began + Duration.toMillis(within)
    for (;;) {
      const result = yield* Effect.result(prove(target, { ...options, within }, began))
      const now = yield* monotonicMillis
      if (result._tag === "Success") return { address: result.success, after: now - began }
      const { _tag } = result.failure
      if ((_tag !== "ConnectionLost" && _tag !== "Timeout") || now + 500 >= end) return yield* result.failure
      yield* Effect.sleep(500)
    }
  })
