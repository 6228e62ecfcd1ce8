import { type Cloud, type CloudWithoutKey, InvalidRequest, memoryLedger } from "@anygpu/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Gpu as Client, GpuOptions } from "./gpu.ts"
import { Ledger } from "./ledger-service.ts"
import { makeGpu } from "./make-gpu.ts"

/** Several clouds behind one interface, as Effects; see `makeGpu`. */
export type Gpu<Clouds extends ReadonlyArray<Cloud | CloudWithoutKey> = ReadonlyArray<Cloud>> = Client<Clouds>

const gpu = Context.Service<Gpu>("anygpu/Gpu")

const layer = <const Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>>(
  options: GpuOptions<Clouds>
): Layer.Layer<Gpu, InvalidRequest> =>
  Layer.effect(
    gpu,
    Effect.flatMap(Effect.serviceOption(Ledger), (found) =>
      Effect.try({
        try: (): Gpu => makeGpu({ ledger: Option.getOrElse(found, memoryLedger), ...options }) as Gpu,
        catch: (error) => {
          if (error instanceof InvalidRequest) return error
          throw error
        }
      })
    )
  )

/**
 * The client as a service: `yield* Gpu` in an Effect, `Gpu.layer({ clouds })` at the edge.
 *
 * - `layer` runs on the `Ledger` that is provided to it, else on a memory of its own. A ledger in its options goes
 *   before both.
 * - `layer` fails with `InvalidRequest` for what `makeGpu` throws: a cloud twice, none at all, a limit that is not
 *   understood.
 *
 * @example
 * ```ts
 * import { Gpu } from "anygpu/effect"
 * import { layerSqlite } from "anygpu/sqlite"
 * import { vast } from "@anygpu/vast"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const cheapest = Effect.gen(function* () {
 *   const gpu = yield* Gpu
 *   const { items } = yield* gpu.offers({ gpu: "RTX 4090", limit: 1 })
 *   return items[0]
 * })
 *
 * const live = Gpu.layer({ clouds: [vast({ apiKey: "..." })] }).pipe(Layer.provide(layerSqlite("ledger.db")))
 * const offer = await Effect.runPromise(Effect.provide(cheapest, live))
 * ```
 */
export const Gpu: Context.Service<Gpu, Gpu> & { readonly layer: typeof layer } = Object.assign(gpu, { layer })
