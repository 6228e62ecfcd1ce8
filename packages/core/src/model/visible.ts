/** What moves a cursor, colours, hides or turns text: controls, line ends, half characters, bidirectional and zero-width marks. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0")

const written = (sign: string): string => {
  const code = sign.codePointAt(0) ?? 0
  if (code < 0x100) return short[sign] ?? `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`
}

/**
 * A text of a cloud as it may go to a terminal, on one line: what would move the cursor, colour, hide or turn text is
 * written as an escape, such as `\x1b`, `\n` or `\u202e`.
 *
 * - Everything else stays letter for letter, and nothing is left out unless it is longer than `most` characters.
 */
export const visible = (text: string, most = Number.POSITIVE_INFINITY): string => {
  const shown = text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text
  return shown.replace(unseen, written)
}

const byUnits = (sign: string): string =>
  Array.from({ length: sign.length }, (_, at) => `\\u${hex(sign.charCodeAt(at), 4)}`).join("")

/**
 * JSON with the same characters inside its strings written as escapes of JSON: it means what it did, and does nothing to
 * the terminal that shows it. The line ends between its values stay.
 */
export const visibleJson = (json: string): string =>
  json.replace(unseen, (sign) => (sign === "\n" ? sign : byUnits(sign)))
