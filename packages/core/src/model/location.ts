/** Where a machine stands, as far as the cloud says. */
export interface Location {
  /** ISO 3166 two-letter code, upper case. */
  readonly country: string | null
  /** The cloud's own region or data-centre code. */
  readonly region: string | null
  /** The text as the cloud wrote it. */
  readonly native: string | null
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
