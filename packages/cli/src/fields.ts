import type { Output } from "./output.ts"

/** Names and values below each other; what has no value is left out. */
export const fieldsText = (
  out: Output,
  fields: ReadonlyArray<readonly [name: string, value: string | ReadonlyArray<string> | null]>
): string => {
  const filled = fields.flatMap(([name, value]) => {
    const lines = value === null ? [] : [value].flat()
    return lines.length > 0 ? [{ name, lines }] : []
  })
  const width = Math.max(0, ...filled.map(({ name }) => name.length)) + 2
  return filled
    .flatMap(({ name, lines }) =>
      lines.map((line, index) => `${index === 0 ? out.colors.dim(name.padEnd(width)) : " ".repeat(width)}${line}`)
    )
    .join("\n")
}
