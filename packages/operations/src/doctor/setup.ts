import type { Vocabulary } from "@anygpu/clouds"
import type { GpuClient } from "anygpu"
import type { Check } from "./check.ts"
import type { Fetch } from "./recorder.ts"

/** One cloud as it is set up here. */
export interface CloudSetup {
  readonly name: string
  /** Whether its key is there, and where from. */
  readonly key: Check
  /**
   * Opens a client of this cloud alone, whose ledger remembers nothing, with the way to the cloud as `watch` makes it; null
   * without a key. Rejects for a key that cannot be one.
   */
  readonly open: ((watch: (fetch: Fetch) => Fetch) => Promise<GpuClient>) | null
  /** What its answers may hold; null where only its adapter knows. */
  readonly vocabulary: (() => Promise<ReadonlyArray<Vocabulary>>) | null
}

/** What an operation cannot see by itself: what is set up on this computer, and how each cloud is. */
export interface Setup {
  readonly checks: ReadonlyArray<Check>
  readonly clouds: ReadonlyArray<CloudSetup>
}
