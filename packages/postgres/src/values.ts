/** Begins what stands for U+0000, and for itself. */
const sign = "\u2400"

/** A text as Postgres can keep it: it has no U+0000 and no half characters. {@link decode} makes it whole again. */
export const escaped = (text: string): string =>
  text.toWellFormed().replaceAll(sign, `${sign}1`).replaceAll("\0", `${sign}0`)

/** The text that {@link escaped} wrote. */
export const unescaped = (text: string): string => text.replaceAll(`${sign}0`, "\0").replaceAll(`${sign}1`, sign)

/** A record as the JSON that is kept of it. */
export const encode = (record: object): string =>
  JSON.stringify(record, (_, value: unknown) => (typeof value === "string" ? escaped(value) : value))

/** The record of a JSON text, which {@link encode} wrote. */
export const decode = <A>(text: unknown): A =>
  JSON.parse(String(text), (_, value: unknown) => (typeof value === "string" ? unescaped(value) : value)) as A
