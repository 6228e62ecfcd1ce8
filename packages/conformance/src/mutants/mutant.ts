import type {
  AnyProvider,
  GpuError,
  Instance,
  Kind,
  LaunchOption,
  Listing,
  OptionalOp,
  OptionalOps
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { World } from "../harness.ts"

/** A broken provider, made of a healthy one. */
export interface Mutant {
  readonly name: string
  /** What it does wrong, and whom that hurts. */
  readonly description: string
  /** The exact name of the test that has to turn red. */
  readonly kills: string
  /** It only makes sense for providers with these operations. */
  readonly ops?: ReadonlyArray<OptionalOp>
  /** It only makes sense for providers that take one of these launch options. */
  readonly anyOption?: ReadonlyArray<LaunchOption>
  /** It makes no sense for machines of this kind. */
  readonly notFor?: Kind
  readonly mutate: (provider: AnyProvider, world: World) => AnyProvider
  /** What else is broken in the world of the provider. */
  readonly mutateWorld?: (world: World) => Partial<World>
}

/** Every method that a mutant may replace or add. */
export type Overrides = Partial<AnyProvider> & Partial<OptionalOps<string, Kind>>

/** The same object with other members; works for plain objects and for classes. */
export const patch = <A extends object>(target: A, overrides: object): A =>
  new Proxy(target, {
    has: (_, key) => key in overrides || key in target,
    get: (_, key) => {
      if (key in overrides) return Reflect.get(overrides, key)
      const value: unknown = Reflect.get(target, key)
      return typeof value === "function" ? value.bind(target) : value
    }
  })

/** States a mutant by the members that it replaces. */
export const mutant = (
  name: string,
  kills: string,
  description: string,
  overrides: (provider: AnyProvider, world: World) => Overrides,
  ops: ReadonlyArray<OptionalOp> = []
): Mutant => ({
  name,
  kills,
  description,
  ops,
  mutate: (provider, world) => patch(provider, overrides(provider, world))
})

/** Changes each machine that get, list and launch answer. */
export const seeing = (provider: AnyProvider, see: (instance: Instance) => Instance): Overrides => ({
  launch: (spec) => Effect.map(provider.launch(spec), see),
  get: (ref) => Effect.map(provider.get(ref), see),
  list: () => Effect.map(provider.list(), (listing): Listing<Instance> => listing.with(listing.items.map(see)))
})

/** Changes each error that the methods every provider has answer. */
export const failing = (provider: AnyProvider, change: (error: GpuError) => GpuError): Overrides => ({
  offers: (filter) => Effect.mapError(provider.offers(filter), change),
  launch: (spec) => Effect.mapError(provider.launch(spec), change),
  get: (ref) => Effect.mapError(provider.get(ref), change),
  list: () => Effect.mapError(provider.list(), change),
  terminate: (ref, options) => Effect.mapError(provider.terminate(ref, options), change)
})
