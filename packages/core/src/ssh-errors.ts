import * as Data from "effect/Data"
import type { ErrorFields, NetworkReason } from "./errors.ts"

/** No ssh connection to a machine came about, for a `reason`: `malformed` where what answers does not speak ssh. */
export class Unreachable extends Data.TaggedError("Unreachable")<
  ErrorFields & { readonly host: string; readonly port: number; readonly reason: NetworkReason }
> {}

/** The machine answers ssh and lets nobody in with what was tried: `tried` names the keys, never what is in them. */
export class LoginRefused extends Data.TaggedError("LoginRefused")<
  ErrorFields & { readonly user: string; readonly tried: ReadonlyArray<string> }
> {}

/** The machine shows another host key than the remembered one, both given as fingerprints: no login was tried. */
export class HostKeyChanged extends Data.TaggedError("HostKeyChanged")<
  ErrorFields & { readonly host: string; readonly expected: string; readonly shown: string }
> {}

/** The ssh connection ended before the machine reported how the work on it ended: it may have been done, or go on. */
export class ConnectionLost extends Data.TaggedError("ConnectionLost")<ErrorFields> {}

/** A command on the machine failed: its exit code, or the signal that ended it, and the last it wrote to its errors. */
export class RemoteFailed extends Data.TaggedError("RemoteFailed")<
  ErrorFields & { readonly code: number | null; readonly signal: string | null; readonly stderr: string }
> {}
