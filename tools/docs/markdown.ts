/** Text in which nothing outside of code is taken for an HTML tag. */
const plain = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "&lt;")))
    .join("")

/** A cell of a table: one line, and no pipe that would end it. */
const cell = (text: string): string =>
  plain(text)
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

/** Parts that another page of the site takes over by this name. */
export const region = (name: string, ...parts: ReadonlyArray<string>): ReadonlyArray<string> => [
  `<!-- #region ${name} -->`,
  ...parts,
  `<!-- #endregion ${name} -->`
]

/** The text of a doc comment, without its stars. */
export const docText = (comment: string): string =>
  comment
    .replace(/^\s*\*\s?/gm, "")
    .replace(/\{@link (\w+)\}/g, "`$1`")
    .replace(/\s+/g, " ")
    .trim()
