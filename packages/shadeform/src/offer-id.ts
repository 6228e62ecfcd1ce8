/** What an offer stands for: a type of one of the clouds behind Shadeform, in a region, on demand or spot. */
export interface OfferParts {
  readonly cloud: string
  readonly type: string
  readonly region: string
  readonly isSpot: boolean
}

/** Shadeform gives offers no id: this one is made of what tells them apart. */
export const offerIdOf = ({ cloud, type, region, isSpot }: OfferParts): string => {
  const [by, what, where] = [cloud, type, region].map(encodeURIComponent)
  return `${by}+${what}${isSpot ? "+spot" : ""}@${where}`
}

/** The parts of an offer's id, such as `massedcompute+A6000@kansascity-usa-1`; null for one of another form. */
export const partsOf = (id: string): OfferParts | null => {
  const [, cloud, type, spot, region] = /^([^+@]+)\+([^+@]+)(\+spot)?@([^+@]+)$/.exec(id) ?? []
  if (cloud === undefined || type === undefined || region === undefined) return null
  try {
    const [by, what, where] = [cloud, type, region].map(decodeURIComponent) as [string, string, string]
    return { cloud: by, type: what, region: where, isSpot: spot !== undefined }
  } catch {
    return null
  }
}
