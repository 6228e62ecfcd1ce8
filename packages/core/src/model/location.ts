/** Where a machine stands, as far as the cloud says. */
export interface Location {
  /** ISO 3166 two-letter code, upper case. */
  readonly country: string | null
  /** The cloud's own region or data-centre code. */
  readonly region: string | null
  /** The text as the cloud wrote it. */
  readonly native: string | null
}
