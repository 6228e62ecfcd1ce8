/** What an offer stands for: a type of machine in a place, on demand or as spot. */
export interface OfferParts {
  readonly type: string
  readonly place: string
  readonly isSpot: boolean
}

/** `1H100.80S.30V@FIN-01`, and `1H100.80S.30V+spot@FIN-01`. */
export const offerIdOf = ({ type, place, isSpot }: OfferParts): string => `${type}${isSpot ? "+spot" : ""}@${place}`

/** The parts of an offer's id; null for one of another form. */
export const partsOf = (id: string): OfferParts | null => {
  const [, type, spot, place] = /^([^+@\s]+)(\+spot)?@([^+@\s]+)$/.exec(id) ?? []
  return type && place ? { type, place, isSpot: spot !== undefined } : null
}
