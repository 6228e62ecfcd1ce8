import type { Location } from "./location.ts"
import type { Money } from "./money.ts"

/** A disk of the account that exists already, to be attached at a launch. It costs by itself, attached or not. */
export interface ExistingVolume {
  /** The cloud that it is of: offers of no other one can have it. */
  readonly provider: string
  readonly id: string
  /** Where it stands, as the region of an offer: only offers there can have it. Null where its cloud attaches it anywhere. */
  readonly region: string | null
  /** The folder in which it is mounted, such as `/data`; the cloud's own without it. */
  readonly path?: string
}

/** A disk of the account as its cloud shows it: a volume, a file system. */
export interface Volume {
  readonly provider: string
  readonly id: string
  readonly name: string | null
  /** Null where the cloud does not say, or where it grows with what is in it. */
  readonly sizeMiB: number | null
  /** The cloud's own word for what it is made of. */
  readonly type: string | null
  readonly location: Location
  /** What the whole of it costs while it exists; null where no document has the price. */
  readonly pricePerHour: Money | null
  /** The ids of the machines that have it; null where the cloud does not say. */
  readonly attachedTo: ReadonlyArray<string> | null
  readonly native: unknown
}

/** A volume as a launch takes it. */
export const existing = (
  { provider, id, location: { region } }: Pick<Volume, "provider" | "id" | "location">,
  path?: string
): ExistingVolume => ({ provider, id, region, ...(path !== undefined && { path }) })

/** Why an offer cannot have a volume: another cloud, or another place; null when it can, as far as both say where they are. */
export const cannotHave = (
  { provider, region }: ExistingVolume,
  offer: { readonly provider: string; readonly location: Location }
): string | null => {
  if (provider !== offer.provider) return `is a volume of ${provider}, and the offer is one of ${offer.provider}`
  const place = offer.location.region
  if (region === null || place === null || region.toLowerCase() === place.toLowerCase()) return null
  return `stands in ${region}, and the offer in ${place}: take an offer in ${region}`
}
