import { type Ledger, ProviderFault } from "@anygpu/core"
import { sqliteLedger } from "@anygpu/core/sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Ledger as Service } from "./client/ledger-service.ts"

export * from "@anygpu/core/sqlite"

/**
 * The ledger in a SQLite file as a layer, closed with the scope in which it is built; see `sqliteLedger`.
 *
 * - Fails with `ProviderFault` when the file cannot be opened, is of a newer anygpu or is no ledger.
 *
 * @example
 * ```ts
 * import { Gpu } from "anygpu/effect"
 * import { layerSqlite } from "anygpu/sqlite"
 * import { vast } from "@anygpu/vast"
 * import * as Layer from "effect/Layer"
 *
 * const live = Gpu.layer({ clouds: [vast({ apiKey: "..." })] }).pipe(Layer.provide(layerSqlite("ledger.db")))
 * ```
 */
export const layerSqlite = (path: string): Layer.Layer<Ledger, ProviderFault> =>
  Layer.effect(
    Service,
    Effect.acquireRelease(
      Effect.try({
        try: () => sqliteLedger(path),
        catch: (error) => {
          if (error instanceof ProviderFault) return error
          throw error
        }
      }),
      (ledger) => Effect.sync(() => ledger.close())
    )
  )
