/** A cell of a table: one line, and no pipe that would end it. */
const cell = (text: string): string =>
  text
    .replaceAll("|", "\\|")
    .replace(/\s*\n\s*/g, " ")
    .trim()

/** A table in Markdown. */
export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n")

/** Words in code type, with commas. */
export const codes = (words: Iterable<string>): string => [...words].map((word) => `\`${word}\``).join(", ")

/** A page that nobody edits by hand. */
export const page = (title: string, ...parts: ReadonlyArray<string>): string =>
  `${[`# ${title}`, "<!-- Written by tools/generate-docs.ts. Change the source, not this page. -->", ...parts].join("\n\n")}\n`

/** The text of a doc comment, without its stars. */
export const docText = (comment: string): string =>
  comment
    .replace(/^\s*\*\s?/gm, "")
    .replace(/\{@link (\w+)\}/g, "`$1`")
    .replace(/\s+/g, " ")
    .trim()
