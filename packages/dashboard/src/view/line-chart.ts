import { h, type JSX } from "preact"
import { timeTicks, valueTicks } from "./ticks.ts"

/** What a line shows at a moment, and until the next one; null: nothing is known. */
export interface Point {
  readonly at: number
  readonly value: number | null
}

/** One line. */
export interface Line {
  readonly name: string
  /** The class with its colour. */
  readonly color: string
  readonly points: ReadonlyArray<Point>
}

/** A chart of lines over time. */
export interface LineChart {
  /** What it shows, for those who do not see it; its table has the numbers. */
  readonly label: string
  readonly lines: ReadonlyArray<Line>
  readonly from: number
  readonly to: number
  readonly width: number
  readonly height: number
  /** A moment to point out. */
  readonly cursor?: number | null
  readonly valueText: (value: number) => string
  readonly timeText: (at: number, span: number) => string
  /** Milliseconds that the time zone is ahead of UTC. */
  readonly offset: number
}

const [top, bottom, right] = [8, 24, 10]

/** The room at the left that the longest value takes. */
const leftOf = (texts: ReadonlyArray<string>): number => 12 + 7 * Math.max(...texts.map(({ length }) => length))

/** What a line shows at a moment. */
export const valueAt = ({ points }: Line, at: number): number | null =>
  points.findLast((point) => point.at <= at)?.value ?? null

/** The moment under a place of the chart, in pixels from its left edge. */
export const momentAt = (chart: Pick<LineChart, "from" | "to" | "width">, x: number, left: number): number => {
  const share = (x - left) / Math.max(1, chart.width - left - right)
  return chart.from + Math.min(1, Math.max(0, share)) * (chart.to - chart.from)
}

interface Scale {
  readonly x: (at: number) => number
  readonly y: (value: number) => number
}

/** A path of steps: a value holds until the next one. */
const pathOf = ({ points }: Line, { x, y }: Scale, to: number): string => {
  let path = ""
  let drawing = false
  for (const [index, { at, value }] of points.entries()) {
    if (value === null) {
      drawing = false
      continue
    }
    const end = Math.min(to, points[index + 1]?.at ?? to)
    path += `${drawing ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}H${x(end).toFixed(1)}`
    drawing = true
  }
  return path
}

/** The values that stand at the left, and how much room they take. */
export const frameOf = ({ lines, valueText }: Pick<LineChart, "lines" | "valueText">) => {
  const most = lines.reduce((sum, { points }) => points.reduce((a, { value }) => Math.max(a, value ?? 0), sum), 0)
  const ticks = valueTicks(most, 4)
  return { ticks, left: leftOf(ticks.map(valueText)) }
}

/** A grid with values at the left and moments below. */
const gridOf = (
  chart: LineChart,
  { x, y }: Scale,
  ticks: ReadonlyArray<number>,
  left: number
): ReadonlyArray<JSX.Element> => {
  const { from, to, width, height, valueText, timeText, offset } = chart
  const moments = timeTicks(from, to, Math.max(2, Math.floor(width / 75)), offset)
  return [
    ...ticks.map((tick, index) =>
      h("g", { key: `v${tick}` }, [
        h("line", { class: index === 0 ? "base" : "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
        h("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, valueText(tick))
      ])
    ),
    ...moments.map((at) => {
      const edge = x(at) > width - 40 ? "end" : x(at) < left + 20 ? "start" : "middle"
      return h("text", { key: `t${at}`, x: x(at), y: height - 6, "text-anchor": edge }, timeText(at, to - from))
    })
  ]
}

/** Lines over time as SVG: prices, which hold until they change. It draws in a page and into a file alike. */
export const lineChart = (chart: LineChart): JSX.Element => {
  const { label, lines, from, to, width, height, cursor = null } = chart
  const { ticks, left } = frameOf(chart)
  const most = ticks.at(-1) ?? 1
  const scale: Scale = {
    x: (at) => left + ((at - from) / Math.max(1, to - from)) * (width - left - right),
    y: (value) => top + (1 - value / most) * (height - top - bottom)
  }
  const marks =
    cursor === null
      ? []
      : [
          h("line", { class: "cursor", x1: scale.x(cursor), x2: scale.x(cursor), y1: top, y2: height - bottom }),
          ...lines.flatMap((line) => {
            const value = valueAt(line, cursor)
            if (value === null) return []
            return [h("circle", { class: `point ${line.color}`, cx: scale.x(cursor), cy: scale.y(value), r: 4 })]
          })
        ]
  const paths = lines.map((line) =>
    h("path", { key: line.name, class: `stroke ${line.color}`, d: pathOf(line, scale, to) })
  )
  const size = { width, height, viewBox: `0 0 ${width} ${height}` }
  return h("svg", { class: "chart", role: "img", "aria-label": label, ...size }, [
    ...gridOf(chart, scale, ticks, left),
    ...paths,
    ...marks
  ])
}
