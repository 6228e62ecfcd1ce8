import { page, table } from "../docs/markdown.ts"
import { documents } from "./index.ts"
import type { Row } from "./item.ts"

const decisions = (rows: ReadonlyArray<Row>) => rows.filter(([, , decision]) => decision !== undefined).length
const unchecked = (rows: ReadonlyArray<Row>) => rows.filter(([, { by }]) => by === "not checked").length

const cells = (files: ReadonlyArray<string>, [states, { where, by }, decision]: Row): ReadonlyArray<string> => {
  const file = files.find((name) => name.startsWith(`${decision}-`))
  if (decision !== undefined && file === undefined) throw new Error(`there is no decision ${decision}`)
  const differs = file === undefined ? "" : `[decision ${Number(decision)}](../decisions/${file})`
  return [states, where, by === "not checked" ? "**not checked**" : by, differs]
}

/** Everything that the five documents state, where it stands, and what shows it; `files`: those of the decisions. */
export const documentsPage = (files: ReadonlyArray<string>): string => {
  const all = documents.flatMap(({ rows }) => rows)
  return page(
    "What the documents state",
    `The adapters began with five documents of three clouds. Here is everything that they state, line by line: ${all.length} statements. ${decisions(all)} of them stay different on purpose, each with the page that says why; ${unchecked(all)} are not about what code does, and are marked.`,
    '"Stands in" is an operation, a field of the common model, or `native`: on a machine its own facts, otherwise an endpoint of the native client. "Checked by" is a test of that one row in `tools/documents`: the document\'s own example read by the adapter, with the field that the line is about where the example has it not or otherwise, the request compared that a call sends, an answer given, the status table asked, a simulated cloud used, or what a kind declares of itself.',
    table(
      ["Document", "Title", "Statements", "Different on purpose", "Not checked"],
      documents.map(({ number, title, rows }) => [
        `\`${number}\``,
        title,
        String(rows.length),
        String(decisions(rows)),
        String(unchecked(rows))
      ])
    ),
    ...documents.flatMap(({ number, title, rows }) => [
      `## ${number}: ${title}`,
      table(
        ["Statement", "Stands in", "Checked by", "Differs"],
        rows.map((row) => cells(files, row))
      )
    ])
  )
}
