import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import { asJson, shown } from "./error-text.ts"
import type { Attempt } from "./model/attempt.ts"
import type { Excluded } from "./model/excluded.ts"
import type { Kind } from "./model/kind.ts"
import type { Problem } from "./model/listing.ts"
import type { Money } from "./model/money.ts"
import type { Reach } from "./model/reach.ts"
import type { InstanceRef } from "./model/ref.ts"
import type { Action, Status } from "./model/status.ts"
import { ConnectionLost, HostKeyChanged, LoginRefused, RemoteFailed, Unreachable } from "./ssh-errors.ts"

export { ConnectionLost, HostKeyChanged, LoginRefused, RemoteFailed, Unreachable } from "./ssh-errors.ts"

/** Whether calling again can help: never, later, or it was tried often enough and must not be tried at once. */
export type Retry = "permanent" | "temporary" | "exhausted"

/** The request behind an error, redacted: no headers, no query values, no bodies. */
export interface HttpContext {
  readonly method: string
  readonly url: string
  readonly status?: number
}

/** What every error of anygpu carries. */
export interface ErrorFields {
  /** What went wrong, where, and what to do next; never a secret. */
  readonly message: string
  readonly retry: Retry
  readonly provider?: string | undefined
  readonly kind?: Kind | undefined
  readonly operation?: string | undefined
  readonly http?: HttpContext | undefined
  readonly requestId?: string | undefined
  /** Machines that exist because of the failed call and could not be ended: they may cost money. */
  readonly leftovers?: ReadonlyArray<InstanceRef> | undefined
  /**
   * An earlier attempt of the same write got no clear answer: whatever this last one says, it may have taken effect. False:
   * it was not sent at all, though its class leaves that open, such as where the login before it failed.
   */
  readonly unclear?: boolean | undefined
  /** How far it reaches, where that is known better than by its class; see `reachOf`. */
  readonly reach?: Reach | undefined
  /** What was tried before, for a launch on the best of several offers. */
  readonly trail?: ReadonlyArray<Attempt> | undefined
  /** Which offers were left out and by which rule, for a launch that found none. */
  readonly excluded?: ReadonlyArray<Excluded> | undefined
  /** Clouds that could not be asked, and parts that could not be had, where several were asked. */
  readonly problems?: ReadonlyArray<Problem> | undefined
  /** The machine the call was about. */
  readonly ref?: InstanceRef | undefined
  /** What that machine cost, where a launch made it and ended it again. */
  readonly spent?: Money | undefined
  readonly cause?: unknown
}

/**
 * The provider and kind have no such operation or launch option. No request was sent, unless the cloud's documents
 * promise it and the cloud refused it: then `http` names the request, and nothing happened.
 */
export class Unsupported extends Data.TaggedError("Unsupported")<ErrorFields & { readonly feature: string }> {}

/** The machine's status does not allow the action. The action was not sent. */
export class IllegalAction extends Data.TaggedError("IllegalAction")<
  ErrorFields & { readonly action: Action; readonly status: Status; readonly legal: ReadonlyArray<Action> }
> {}

/** One wrong value: where it is and what is wrong with it. */
export interface Issue {
  readonly path: string
  readonly problem: string
}

/** The request cannot succeed as it is: found before sending wherever possible, else said by the cloud. */
export class InvalidRequest extends Data.TaggedError("InvalidRequest")<
  ErrorFields & { readonly issues: ReadonlyArray<Issue> }
> {
  /** An error about one value that was found before anything was sent. */
  static of(path: string, problem: string): InvalidRequest {
    return InvalidRequest.all([{ path, problem }])
  }

  /** One error for several wrong values. */
  static all(issues: ReadonlyArray<Issue>): InvalidRequest {
    return new InvalidRequest({
      message: issues.map(({ path, problem }) => `${path}: ${problem}`).join("; "),
      retry: "permanent",
      issues
    })
  }
}

/** The key is missing, wrong or revoked. */
export class Unauthenticated extends Data.TaggedError("Unauthenticated")<ErrorFields> {}

/** The key is right and may not do this. */
export class PermissionDenied extends Data.TaggedError("PermissionDenied")<ErrorFields> {}

/** The cloud knows no such thing, or no longer. */
export class NotFound extends Data.TaggedError("NotFound")<ErrorFields> {}

/** The thing is in a state that forbids the call for now, or somebody else changed it. */
export class Conflict extends Data.TaggedError("Conflict")<ErrorFields> {}

/** The offer is taken or gone, or the cloud has no such machine free: try the next one. */
export class NoCapacity extends Data.TaggedError("NoCapacity")<ErrorFields> {}

/** The account has too little money, or a price is above the caller's own limit: `ownLimit` says which. */
export class OutOfFunds extends Data.TaggedError("OutOfFunds")<
  ErrorFields & {
    readonly needed?: Money | undefined
    readonly available?: Money | undefined
    readonly ownLimit?: boolean | undefined
  }
> {}

/**
 * A rate limit holds the call back; nothing took effect. `ownLimit`: the limit that this client keeps, as the cloud
 * documents it, and the cloud was not asked.
 */
export class RateLimited extends Data.TaggedError("RateLimited")<
  ErrorFields & { readonly retryAfter?: Duration.Duration | undefined; readonly ownLimit?: boolean | undefined }
> {}

/** No answer, or no wanted state, within the time allowed. The effect of a timed-out write is not known. */
export class Timeout extends Data.TaggedError("Timeout")<ErrorFields & { readonly after: Duration.Duration }> {}

/** Why a connection failed, as far as the platform says; in a browser always `unknown`. */
export const networkReasons = [
  "name-not-found",
  "refused",
  "unreachable",
  "connect-timeout",
  "reset",
  "tls-expired",
  "tls-not-yet-valid",
  "tls-self-signed",
  "tls-unknown-issuer",
  "tls-wrong-host",
  "tls",
  "proxy",
  "too-large",
  "malformed",
  "unknown"
] as const

/** One of {@link networkReasons}: `tls` is a secure connection that failed for another reason than those named. */
export type NetworkReason = (typeof networkReasons)[number]

/**
 * The connection failed, for a `reason`. `sent: "no"` means that the cloud cannot have seen the request.
 *
 * - `reason` is on every error of the transports of anygpu; a transport of somebody else's may leave it out.
 */
export class Network extends Data.TaggedError("Network")<
  ErrorFields & { readonly sent: "no" | "maybe"; readonly reason?: NetworkReason | undefined }
> {}

/** The cloud failed (5xx, or its own word for it), or a machine cannot reach the wanted state. */
export class ProviderFault extends Data.TaggedError("ProviderFault")<ErrorFields> {}

/** The cloud's answer is not what its documents say: not JSON, cut off, or a field of another shape. */
export class BadResponse extends Data.TaggedError("BadResponse")<ErrorFields & { readonly path: string }> {}

/** A create was sent and neither its machine nor its absence could be established: look for the marker. */
export class LaunchUnsettled extends Data.TaggedError("LaunchUnsettled")<ErrorFields & { readonly marker: string }> {}

/** The closed union of everything that can go wrong. Switch on `_tag`, or use `instanceof`. */
export type GpuError =
  | Unsupported
  | IllegalAction
  | InvalidRequest
  | Unauthenticated
  | PermissionDenied
  | NotFound
  | Conflict
  | NoCapacity
  | OutOfFunds
  | RateLimited
  | Timeout
  | Network
  | ProviderFault
  | BadResponse
  | LaunchUnsettled
  | Unreachable
  | LoginRefused
  | HostKeyChanged
  | ConnectionLost
  | RemoteFailed

const classes = {
  Unsupported,
  IllegalAction,
  InvalidRequest,
  Unauthenticated,
  PermissionDenied,
  NotFound,
  Conflict,
  NoCapacity,
  OutOfFunds,
  RateLimited,
  Timeout,
  Network,
  ProviderFault,
  BadResponse,
  LaunchUnsettled,
  Unreachable,
  LoginRefused,
  HostKeyChanged,
  ConnectionLost,
  RemoteFailed
}

for (const Class of Object.values(classes)) {
  Object.defineProperty(Class.prototype, "toJSON", { value: asJson })
  Object.defineProperty(Class.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: shown })
}

/** Whether a caught value is one of ours; holds across two copies of this package, which `instanceof` does not. */
export const isGpuError = (value: unknown): value is GpuError =>
  value instanceof Error && "_tag" in value && typeof value._tag === "string" && Object.hasOwn(classes, value._tag)

/** The same error with more known about it: where it happened, what is left. Later fields win. */
export const withContext = <E extends GpuError>(error: E, fields: Partial<ErrorFields>): E => {
  const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  const Class = classes[error._tag] as unknown as new (props: object) => E
  // Also what is not enumerable any more, since a caller of Promises has it.
  const own = Object.getOwnPropertyNames(error).filter((key) => !["_tag", "name", "stack"].includes(key))
  const props = Object.fromEntries(own.map((key) => [key, Reflect.get(error, key)]))
  return new Class({ ...props, message: error.message, cause: error.cause, ...known })
}

/** Whether a failed write may have taken effect all the same: the answer was lost, broken or a server fault. */
export const mayHaveTakenEffect = (error: GpuError): boolean => {
  if (error.unclear !== undefined) return error.unclear
  switch (error._tag) {
    case "Network":
      return error.sent === "maybe"
    case "Timeout":
    case "ProviderFault":
    case "BadResponse":
    case "LaunchUnsettled":
    case "ConnectionLost":
      return true
    default:
      return false
  }
}
