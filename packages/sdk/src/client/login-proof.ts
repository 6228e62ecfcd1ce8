import {
  type GpuError,
  type Instance,
  InvalidRequest,
  type Issue,
  shape,
  type WaitOptions,
  withContext
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { timeIssues } from "../cost/job.ts"

/**
 * Whether somebody has to be let in by ssh before a machine counts as ready; with a time, for how long that is tried once
 * the machine is up: 5 minutes where it is left out.
 */
export type LoginWait = boolean | { readonly within?: Duration.Input }

/** How a machine is waited for by a client. */
export interface ReadyOptions extends WaitOptions {
  /**
   * Whether somebody has to be let in by ssh, and a command to run there. It needs a client with `ssh()`.
   *
   * - Fails with what was in the way at last: `Unreachable`, `LoginRefused`, `HostKeyChanged`, `RemoteFailed`.
   */
  readonly ssh?: LoginWait
}

/** How a login is proven. */
export interface ProofOptions {
  /** How long to go on trying; 5 minutes where it is left out. */
  readonly within?: Duration.Input | undefined
  /**
   * Whether it was asked for. Else it is enough that sshd answers where nobody here has a private key of the launch: the
   * machine is for somebody else.
   */
  readonly isAskedFor: boolean
}

/** Proves that somebody is let in to a machine and that a command runs there; succeeds once it does. */
export type LoginProof = (machine: Instance, options: ProofOptions) => Effect.Effect<unknown, GpuError>

const waitShape = shape.only(
  "true, false or an object with `within`",
  { within: shape.optional(shape.duration) },
  "is no option"
)

/** What is wrong with a wait for a login; a client without ssh cannot wait for one. */
export const loginIssues = (path: string, wait: unknown, proof: LoginProof | null): ReadonlyArray<Issue> => {
  if (wait === undefined || wait === false) return []
  const misshapen = wait === true ? [] : waitShape(path, wait)
  if (misshapen.length > 0) return misshapen
  if (proof === null) return [{ path, problem: "needs a client with ssh: pass `ssh: ssh()` of @anygpu/ssh to it" }]
  const { within } = wait as Exclude<LoginWait, boolean>
  return within === undefined ? [] : timeIssues(`${path}.within`, Duration.toMillis(within))
}

/** The time of a wait that was asked for. */
export const timeOf = (wait: LoginWait | undefined): Pick<ProofOptions, "within"> =>
  typeof wait === "object" ? { within: wait.within } : {}

/** A machine that is up, once somebody was let in, as its user waits for it: errors say that it is still there. */
export const provenReady = (
  machine: Instance,
  wait: LoginWait | undefined,
  proof: LoginProof | null
): Effect.Effect<Instance, GpuError> => {
  if (!wait || proof === null) return Effect.succeed(machine)
  const { ref } = machine
  return Effect.as(proof(machine, { ...timeOf(wait), isAskedFor: true }), machine).pipe(
    Effect.mapError((error) =>
      withContext(error, {
        message: `${error.message}. ${ref} is still there and may cost money: wait longer, or terminate it`,
        ...{ provider: ref.provider, kind: ref.kind, operation: "wait for ssh", ref, leftovers: [ref] }
      })
    )
  )
}

/** The options of a wait without those of its login; what are no options at all stay. */
export const waitOptionsOf = (options: ReadyOptions = {}): { readonly wait: WaitOptions; readonly ssh?: LoginWait } => {
  if (!shape.isFields(options)) return { wait: options }
  const { ssh, ...wait }: ReadyOptions = options
  return ssh === undefined ? { wait } : { wait, ssh }
}

/** Refuses a wait for a login that cannot succeed, before anything is sent. */
export const checkLogin = (wait: unknown, proof: LoginProof | null): Effect.Effect<void, InvalidRequest> => {
  const issues = loginIssues("ssh", wait, proof)
  return issues.length > 0 ? Effect.fail(InvalidRequest.all(issues)) : Effect.void
}
