/** What an offer stands for: a type of machine, in one region. */
export interface OfferParts {
  readonly type: string
  /** Undefined where it cannot be read which regions have it. */
  readonly region: string | undefined
}

/** `gpu_1x_a10@us-west-1`. */
export const offerIdOf = ({ type, region }: OfferParts): string => (region === undefined ? type : `${type}@${region}`)

/** The parts of an offer's id. */
export const partsOf = (id: string): OfferParts => {
  const at = id.lastIndexOf("@")
  return at < 0 ? { type: id, region: undefined } : { type: id.slice(0, at), region: id.slice(at + 1) }
}
