import type { Kind } from "./kind.ts"

/** Offers that were left out, and by which rule. */
export interface Excluded {
  readonly provider: string
  readonly kind: Kind
  /** The name of the filter, or of the launch option that the offer cannot run, `maxTotal`, or what of the offer is not known (`unknown price`, `unknown country`). */
  readonly rule: string
  readonly count: number
  /** What is wrong with the launch option there, of the first such offer; only for launch options. */
  readonly problem?: string
}
