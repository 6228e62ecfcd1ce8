import stringWidth from "string-width"
import type { Colors, Output } from "./output.ts"

/** One column of a table for people. */
export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => string
  readonly right?: boolean
  /** 0 is always shown; of the others the highest goes first when the terminal is narrow. */
  readonly spare: number
  /** Colours a cell. */
  readonly paint?: (text: string, row: Row, colors: Colors) => string
}

/** Between two columns. */
const gap = 2

const totalOf = (widths: ReadonlyArray<number>): number =>
  widths.reduce((sum, width) => sum + width, 0) + gap * Math.max(0, widths.length - 1)

interface Sized<Row> extends Column<Row> {
  readonly width: number
}

/** Leaves out what can be spared until the rest fits. */
const fitting = <Row>(columns: ReadonlyArray<Sized<Row>>, width: number): ReadonlyArray<Sized<Row>> => {
  const sparest = columns.reduce((most, { spare }) => Math.max(most, spare), 0)
  if (sparest === 0 || totalOf(columns.map((column) => column.width)) <= width) return columns
  return fitting(
    columns.filter(({ spare }) => spare < sparest),
    width
  )
}

/** Takes from the widest column until the rest fits: its cells are broken into lines. */
const squeezed = <Row>(columns: ReadonlyArray<Sized<Row>>, width: number): ReadonlyArray<Sized<Row>> => {
  const over = totalOf(columns.map((column) => column.width)) - width
  if (over <= 0) return columns
  const [widest, next] = columns.map((column) => column.width).sort((a, b) => b - a)
  if (widest === undefined || widest <= 4) return columns
  const at = columns.findIndex((column) => column.width === widest)
  const taken = Math.min(over, Math.max(1, widest - (next ?? 4)), widest - 4)
  return squeezed(
    columns.map((column, index) => (index === at ? { ...column, width: widest - taken } : column)),
    width
  )
}

const characters = new Intl.Segmenter()

/** A text in lines of at most so many columns: broken at spaces where there are some, anywhere else otherwise. */
const broken = (text: string, width: number): ReadonlyArray<string> => {
  const lines: string[] = []
  let line = ""
  for (const { segment } of characters.segment(text)) {
    if (stringWidth(line + segment) > width && line !== "") {
      const space = segment === " " ? line.length : line.lastIndexOf(" ")
      const at = space > 0 ? space : line.length
      lines.push(line.slice(0, at))
      line = line.slice(at).trimStart()
    }
    line += line === "" && segment === " " ? "" : segment
  }
  return [...lines, line]
}

/** One row: its cells side by side, each in as many lines as it needs. */
const rowText = (
  cells: ReadonlyArray<{
    readonly text: string
    readonly width: number
    readonly right?: boolean | undefined
    readonly paint: (text: string) => string
  }>
): string => {
  const columns = cells.map(({ text, width, right, paint }) =>
    broken(text, width).map((line) => {
      const padding = " ".repeat(Math.max(0, width - stringWidth(line)))
      const painted = line === "" ? "" : paint(line)
      return right ? padding + painted : painted + padding
    })
  )
  const height = Math.max(...columns.map(({ length }) => length))
  return Array.from({ length: height }, (_, index) =>
    columns
      .map((lines, column) => lines[index] ?? " ".repeat(cells[column]?.width ?? 0))
      .join(" ".repeat(gap))
      .trimEnd()
  ).join("\n")
}

/** A table that is never wider than `width`, and the heads of the columns that it has no room for. */
const renderTable = <Row>(
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  { width, colors }: Pick<Output, "width" | "colors">
): { readonly text: string; readonly hidden: ReadonlyArray<string> } => {
  const sized = columns.map((column) => ({
    ...column,
    width: rows.reduce((most, row) => Math.max(most, stringWidth(column.cell(row))), stringWidth(column.head))
  }))
  const kept = fitting(sized, width)
  const shown = squeezed(kept, width)
  const head = rowText(shown.map((column) => ({ ...column, text: column.head, paint: colors.bold })))
  const body = rows.map((row) =>
    rowText(
      shown.map((column) => ({
        ...column,
        text: column.cell(row),
        paint: (line) => column.paint?.(line, row, colors) ?? line
      }))
    )
  )
  return {
    text: [head, ...body].join("\n"),
    hidden: sized.filter(({ head }) => !kept.some((column) => column.head === head)).map(({ head }) => head)
  }
}

/**
 * Rows as a table without borders, as wide as the terminal allows.
 *
 * - Columns that can be spared are left out when it is narrow, and a remark names them; the others are broken into lines.
 */
export const tableText = <Row>(out: Output, columns: ReadonlyArray<Column<Row>>, rows: ReadonlyArray<Row>): string => {
  const { text, hidden } = renderTable(columns, rows, out)
  if (hidden.length > 0) out.note(`(no room for ${hidden.join(", ")}: a wider terminal or --json shows them)`)
  return text
}
