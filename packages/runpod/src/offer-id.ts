/** What an offer stands for: so many GPUs of a type, or so many vCPUs of a flavour, in one cloud and one data centre. */
export interface OfferParts {
  readonly type: string
  readonly count: number
  readonly market: "secure" | "community" | "cpu"
  /** Undefined where Runpod names no data centre that has it. */
  readonly place: string | undefined
}

/** Ids of GPUs have spaces in them, which no id of an offer shall have. */
const packed = (text: string) => encodeURIComponent(text).replaceAll("_", "%5F").replaceAll("%20", "_")
const unpacked = (text: string) => decodeURIComponent(text.replaceAll("_", "%20"))

/** `NVIDIA_GeForce_RTX_4090@US-KS-2`: one of Secure Cloud; `..._4090+2+community@US-KS-2`; `cpu3c+4+cpu@EU-RO-1`. */
export const offerIdOf = ({ type, count, market, place }: OfferParts): string => {
  const of = `${count === 1 ? "" : `+${count}`}${market === "secure" ? "" : `+${market}`}`
  return `${packed(type)}${of}${place === undefined ? "" : `@${packed(place)}`}`
}

/** The parts of an offer's id; null for one of another form. */
export const partsOf = (id: string): OfferParts | null => {
  const match = /^([^+@]+)(?:\+(\d+))?(?:\+(community|cpu))?(?:@([^+@]+))?$/.exec(id)
  if (match === null) return null
  const [, type = "", count = "1", other, place] = match
  const market = other === "community" || other === "cpu" ? other : "secure"
  try {
    return { type: unpacked(type), count: Number(count), market, place: place === undefined ? place : unpacked(place) }
  } catch {
    return null
  }
}
