import { visible } from "anygpu"
import Table from "cli-table3"
import stringWidth from "string-width"
import wrapAnsi from "wrap-ansi"
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

/** So many characters of a text are shown in a cell. */
const longestCell = 300

/** Between two columns. */
const gap = 2

const borderless = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: " ".repeat(gap) }
}

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

/** A table that is never wider than `width`, and the heads of the columns that it has no room for. */
const renderTable = <Row>(
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  { width, colors }: Pick<Output, "width" | "colors">
): { readonly text: string; readonly hidden: ReadonlyArray<string> } => {
  const sized = columns
    .map(({ cell, ...column }) => ({
      ...column,
      cell: (row: Row) => visible(cell(row), longestCell)
    }))
    .map((column) => ({
      ...column,
      width: rows.reduce((most, row) => Math.max(most, stringWidth(column.cell(row))), stringWidth(column.head))
    }))
  const kept = fitting(sized, width)
  const shown = squeezed(kept, width)
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: shown.map(({ right }) => (right ? "right" : "left"))
  })
  /** Broken into lines before it is coloured, so that no line begins in the colour of another. */
  const cell = (text: string, { width: most }: Sized<Row>, paint: (line: string) => string): string =>
    wrapAnsi(text, most, { hard: true })
      .split("\n")
      .map((line) => (line === "" ? "" : paint(line)))
      .join("\n")
  table.push(
    shown.map((column) => cell(column.head, column, colors.bold)),
    ...rows.map((row) =>
      shown.map((column) => cell(column.cell(row), column, (line) => column.paint?.(line, row, colors) ?? line))
    )
  )
  return {
    text: table
      .toString()
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n"),
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
