import { h, type JSX } from "preact"
import { valueTicks } from "./ticks.ts"

/** One column: its parts from the bottom up. */
export interface Column {
  readonly name: string
  readonly parts: ReadonlyArray<{ readonly name: string; readonly color: string; readonly value: number }>
}

/** A chart of columns. */
export interface ColumnChart {
  /** What it shows, for those who do not see it; its table has the numbers. */
  readonly label: string
  readonly columns: ReadonlyArray<Column>
  readonly width: number
  readonly height: number
  readonly valueText: (value: number) => string
}

const [top, bottom] = [8, 24]

/** Columns of parts as SVG. */
export const columnChart = ({ label, columns, width, height, valueText }: ColumnChart): JSX.Element => {
  const sums = columns.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0))
  const ticks = valueTicks(Math.max(...sums, 0), 4)
  const most = ticks.at(-1) ?? 1
  const left = 12 + 7 * Math.max(...ticks.map((tick) => valueText(tick).length))
  const y = (value: number) => top + (1 - value / most) * (height - top - bottom)
  const step = (width - left) / Math.max(1, columns.length)
  const bar = Math.max(2, Math.min(40, step * 0.64))
  const every = Math.max(1, Math.ceil(56 / step))
  const grid = ticks.map((tick, index) =>
    h("g", { key: tick }, [
      h("line", { class: index === 0 ? "base" : "grid", x1: left, x2: width, y1: y(tick), y2: y(tick) }),
      h("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, valueText(tick))
    ])
  )
  const bars = columns.map(({ name, parts }, index) => {
    const x = left + step * index + (step - bar) / 2
    let below = 0
    const rects = parts.map((part) => {
      const [from, to] = [y(below), y(below + part.value)]
      below += part.value
      return h("rect", { key: part.name, class: part.color, x, width: bar, y: to, height: Math.max(0, from - to) }, [
        h("title", null, `${name}, ${part.name}: ${valueText(part.value)}`)
      ])
    })
    const text =
      (columns.length - 1 - index) % every === 0
        ? h("text", { x: x + bar / 2, y: height - 6, "text-anchor": "middle" }, name)
        : null
    return h("g", { key: name, class: "columns" }, [...rects, text])
  })
  const size = { width, height, viewBox: `0 0 ${width} ${height}` }
  return h("svg", { class: "chart", role: "img", "aria-label": label, ...size }, [...grid, ...bars])
}
