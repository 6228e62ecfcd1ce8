import { type ComponentChildren, h, type JSX } from "preact"

/** A column of a table. */
export interface Column<Row> {
  readonly head: ComponentChildren
  readonly cell: (row: Row) => ComponentChildren
  readonly class?: string
}

/** A table with a caption; the first column names the row. */
export const tableOf = <Row>(
  caption: string,
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  name?: string
): JSX.Element =>
  h("table", name === undefined ? null : { class: name }, [
    h("caption", null, caption),
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        columns.map(({ head, class: cls }) => h("th", { scope: "col", ...(cls !== undefined && { class: cls }) }, head))
      )
    ),
    h(
      "tbody",
      null,
      rows.map((row) =>
        h(
          "tr",
          null,
          columns.map(({ cell, class: cls }, index) =>
            index === 0
              ? h("th", { scope: "row", ...(cls !== undefined && { class: cls }) }, cell(row))
              : h("td", cls === undefined ? null : { class: cls }, cell(row))
          )
        )
      )
    )
  ])

/** A part under a heading. */
export const panelOf = (title: string, note: string, body: ComponentChildren): JSX.Element =>
  h("section", { class: "panel" }, [h("header", null, [h("h2", null, title), h("p", null, note)]), body])

/** Two lines of a cell. */
export const linesOf = (first: ComponentChildren, second: ComponentChildren): ReadonlyArray<JSX.Element> => [
  h("span", { class: "line strong" }, first),
  h("span", { class: "line" }, second)
]

/** The square in the colour of a cloud. */
export const swatchOf = (color: string): JSX.Element => h("i", { class: `swatch ${color}`, "aria-hidden": "true" })

/** What is missing from an answer: it never looks whole when it is not. */
export const problemsOf = (
  problems: ReadonlyArray<{
    readonly provider: string
    readonly part: string
    readonly error: { readonly message: string }
  }>
): ReadonlyArray<JSX.Element> =>
  problems.map(({ provider, part, error }) =>
    h("div", { class: "notice failed" }, [
      h("strong", null, `missing: ${part} of ${provider}`),
      h("p", null, error.message)
    ])
  )

/** A moment of a report, in UTC: nobody knows where it is read. */
export const momentText = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`
