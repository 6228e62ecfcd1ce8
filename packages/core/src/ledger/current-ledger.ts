import * as Context from "effect/Context"
import type { Ledger } from "./ledger.ts"
import { memoryLedger } from "./memory.ts"

/** The ledger in force. A memory of this process by default; `createGpu({ ledger })` and layers set another. */
export const CurrentLedger = Context.Reference<Ledger>("@anygpu/core/CurrentLedger", {
  defaultValue: () => memoryLedger()
})
