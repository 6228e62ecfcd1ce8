import type { GpuError } from "../errors.ts"
import type { Answer } from "./answer.ts"
import type { Secret } from "./redact/redact.ts"
import type { Login } from "./tokens.ts"
import type { Transport } from "./transport.ts"

/** What `makeCaller` needs to know of a cloud and an account. */
export interface CallerConfig {
  readonly provider: string
  /** https, or http on this machine; a path in it precedes every endpoint's. */
  readonly baseUrl: string
  /** The headers of every call, the key among them; asked for once per call. Wrapped values count as secrets. */
  readonly headers: () => Readonly<Record<string, Secret>>
  /** Where the calls carry a token that expires: how one is had. Its own headers come on top of `headers`. */
  readonly login?: Login
  /** What must not appear in any error, besides the tokens of `login`. */
  readonly secrets: ReadonlyArray<Secret>
  /**
   * The cloud's own error codes. Asked about every answer, 2xx included; null means that there is nothing special:
   * the status decides.
   */
  readonly classify: (answer: Answer) => GpuError | null
  /** The platform's own when absent. */
  readonly transport?: Transport
}
