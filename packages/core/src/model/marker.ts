/**
 * The marker of a launch: short, unique, and part of the machine's name or label, by which a launch whose answer was
 * lost is found again on any cloud.
 *
 * - `ag` and ten characters of `0-9a-z`: lower case and digits only, which every cloud allows in a name.
 */
export const newMarker = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(10))
  return `ag${Array.from(bytes, (byte) => (byte % 36).toString(36)).join("")}`
}

/** Whether a text is the marker of a launch, as it stands by itself in a tag. */
export const isMarker = (text: string): boolean => /^ag[0-9a-z]{10}$/.test(text)

/** The length that a marker and its hyphen take of a name. */
export const markerLength = 13

/**
 * A name as every cloud allows it: lower-case letters, digits and single hyphens, none of them at the ends; accents go,
 * and `machine` stands for a name of which nothing is left.
 */
export const plainName = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "") || "machine"

/** `name-marker`, with the name cut so that the whole fits into `limit` characters; never within one character. */
export const attachMarker = (name: string, marker: string, limit: number): string =>
  `${name.slice(0, limit - markerLength).replace(/[\uD800-\uDBFF]$|-+$/, "")}-${marker}`

/** The two parts of a name or label; `marker` is null on a machine this library did not launch. */
export const splitMarker = (label: string): { readonly name: string; readonly marker: string | null } => {
  const match = /^(.*)-(ag[0-9a-z]{10})$/s.exec(label)
  return match ? { name: match[1] ?? "", marker: match[2] ?? null } : { name: label, marker: null }
}
