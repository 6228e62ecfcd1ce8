/** A part of an answer: what one program wrote, and its code. */
export interface Part {
  readonly text: string
  readonly code: number
}

/** The parts of an answer by their names. */
export type Parts = ReadonlyMap<string, Part>

/**
 * Divides an answer of the script.
 *
 * - Null where it does not have every part whole, up to its end mark: a connection or a disk has cut it.
 * - What stands before the first part, such as the greeting of a login shell, is left out.
 */
export const partsIn = (answer: string, mark: string): Parts | null => {
  const parts = new Map<string, Part>()
  const [, ...pieces] = answer.split(`\n${mark} part `)
  for (const [index, piece] of pieces.entries()) {
    const lineEnd = piece.indexOf("\n")
    const codeAt = piece.indexOf(`\n${mark} code `, lineEnd)
    const [, code, rest = ""] = /^(\d+)\n([\s\S]*)$/.exec(piece.slice(codeAt + mark.length + 7)) ?? []
    const isLast = index === pieces.length - 1
    if (lineEnd < 0 || codeAt < 0 || code === undefined) return null
    if (isLast && !rest.startsWith(`\n${mark} end\n`)) return null
    parts.set(piece.slice(0, lineEnd), { text: piece.slice(lineEnd + 1, codeAt), code: Number(code) })
  }
  return parts.size === 0 ? null : parts
}
