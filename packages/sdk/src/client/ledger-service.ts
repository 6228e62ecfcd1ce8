import { memoryLedger, type Ledger as Store } from "@anygpu/core"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"

/** What remembers launches and machines; see the docstrings of its methods. */
export type Ledger = Store

const ledger = Context.Service<Ledger>("anygpu/Ledger")

/**
 * The ledger as a service, for `Gpu`.
 *
 * - `layerMemory`: a memory of this process, one for each layer that is built. `layerSqlite(path)` of `anygpu/sqlite`
 *   keeps a file, which several processes may share.
 */
export const Ledger: Context.Service<Ledger, Ledger> & { readonly layerMemory: Layer.Layer<Ledger> } = Object.assign(
  ledger,
  { layerMemory: Layer.sync(ledger, memoryLedger) }
)
