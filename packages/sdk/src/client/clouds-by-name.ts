import type { Cloud, CloudWithoutKey } from "@anygpu/core"

/** Those of the clouds that have no key perhaps, and are not there then. */
export type Unsure<Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>> = Extract<
  Clouds[number],
  { readonly name: Extract<Clouds[number], CloudWithoutKey>["name"]; readonly kinds: unknown }
>

/** Those of the clouds that are there. */
export type Sure<Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>> = Exclude<
  Extract<Clouds[number], Cloud>,
  Unsure<Clouds>
>

/** The clouds by name, each with its kinds and its native client: `gpu.clouds.vast.containers`. */
export type CloudsByName<Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>> = {
  readonly [C in Sure<Clouds> as C["name"]]: C["kinds"] & { readonly native: C["native"] }
} & {
  readonly [C in Unsure<Clouds> as C["name"]]?: C["kinds"] & { readonly native: C["native"] }
}
