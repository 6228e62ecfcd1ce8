import type * as Effect from "effect/Effect"
import type * as Semaphore from "effect/Semaphore"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import type { Named } from "../named.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import type { Reader } from "../read/reader.ts"
import type { Terminator } from "../terminate/terminate.ts"
import type { Opener } from "./open.ts"
import type { Settler } from "./settle.ts"

/** What the steps of a launch share: the cloud, how its machines are read and ended, and how lost answers are settled. */
export interface Launching<P extends string, K extends Kind, N> {
  readonly definition: AnyDefinition<P, K, N>
  readonly machines: Reader<P, K, N>
  readonly settling: Settler<P, K, N>
  readonly opening: Opener<P, K>
  readonly terminate: Terminator<P, K>
  /** Checks whether a machine that a create names belongs to the launch. */
  readonly named: (record: LaunchRecord, id: string) => Effect.Effect<Named<N>>
  /** Creates wait for one another here, where an abort still finds nothing sent. */
  readonly oneAtATime: Semaphore.Semaphore
}
