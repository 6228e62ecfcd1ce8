/** Where a machine stands, as far as the cloud says. */
export interface Location {
  /** ISO 3166 two-letter code, upper case. */
  readonly country: string | null
  /** The cloud's own region or data-centre code. */
  readonly region: string | null
  /** The text as the cloud wrote it. */
  readonly native: string | null
}

/** Names that people and clouds use besides those of ISO 3166. */
const otherNames: Readonly<Record<string, string>> = {
  ...{
    usa: "US",
    "united states of america": "US",
    uk: "GB",
    "great britain": "GB",
    uae: "AE",
    "czech republic": "CZ"
  },
  ...{ korea: "KR", "republic of korea": "KR", holland: "NL", "the netherlands": "NL", russia: "RU", türkiye: "TR" }
}

let named: ReadonlyMap<string, string> | undefined

const countryNames = (): ReadonlyMap<string, string> => {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
  const english = new Intl.DisplayNames("en", { type: "region", fallback: "none" })
  const codes = letters.flatMap((first) => letters.map((second) => first + second))
  // Codes of former countries and of unions have names as well: the first country of a name is the one that is.
  const pairs = codes.flatMap((code) => {
    const name = english.of(code)
    return name === undefined || formerCodes.has(code) ? [] : [[name.toLowerCase(), code] as const]
  })
  return new Map([...pairs, ...Object.entries(otherNames)])
}

/** Codes that are no country of today, though they have a name. */
const formerCodes: ReadonlySet<string> = new Set([
  ...["AN", "BU", "CS", "DD", "DY", "EU", "EZ", "FX", "HV", "NH", "NT", "QO", "QU", "RH", "SU", "TP", "UK", "UN", "VD"],
  ...["YD", "YU", "ZR", "ZZ", "XA", "XB"]
])

/**
 * The code of a country by its English name, or by its code, in any case of letters: `United States`, `usa` and `us` are `US`.
 *
 * - Null for what names no country, such as a state or a city.
 */
export const countryNamed = (name: string): string | null => {
  named ??= countryNames()
  const plain = name.trim().toLowerCase()
  if (/^[a-z]{2}$/.test(plain)) {
    const code = otherNames[plain] ?? plain.toUpperCase()
    return [...named.values()].includes(code) ? code : null
  }
  return named.get(plain) ?? null
}

/**
 * A place by the cloud's own code for it, and the countries of the codes that its documents list.
 *
 * - A code that is not among them has no country: it is unknown, and the code itself stays.
 */
export const placed = (
  countries: Readonly<Record<string, string>>,
  code: string | null | undefined,
  name?: string | null
): Location => ({
  country: (code && Object.hasOwn(countries, code) && countries[code]) || null,
  region: code || null,
  native: name || code || null
})
