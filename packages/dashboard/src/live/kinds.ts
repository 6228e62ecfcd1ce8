import type { AnyProvider, GpuClient, Promised } from "anygpu"

/** One kind of one cloud, over all its accounts. */
export type CloudKind = Promised<AnyProvider>

const isKind = (value: unknown): value is CloudKind =>
  typeof value === "object" && value !== null && "provider" in value && "kind" in value && "list" in value

/** Each kind of each cloud of a client. */
export const kindsOf = (gpu: GpuClient): ReadonlyArray<CloudKind> =>
  Object.values(gpu.clouds).flatMap((cloud) => Object.values(cloud).filter(isKind))

/** How a kind is called: `vast/container`. */
export const placeOf = ({ provider, kind }: { readonly provider: string; readonly kind: string }): string =>
  `${provider}/${kind}`
