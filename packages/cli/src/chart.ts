import Chartscii from "chartscii"
import stringWidth from "string-width"

/** One bar. */
export interface Bar {
  /** Left of the bar. */
  readonly label: string
  readonly value: number
  /** Between the label and the bar: the value as people read it. */
  readonly text: string
}

/** Fewer columns than these show nothing. */
const least = 10
const most = 60

/** Bars of a length by their values, as wide as the terminal allows; empty where it is too narrow. */
export const chartText = (bars: ReadonlyArray<Bar>, width: number): string => {
  const [labels, texts] = [bars.map(({ label }) => stringWidth(label)), bars.map(({ text }) => stringWidth(text))]
  const [label, text] = [Math.max(0, ...labels), Math.max(0, ...texts)]
  const room = Math.min(most, width - label - text - 4)
  if (room < least || bars.every(({ value }) => value <= 0)) return ""
  const rows = bars.map((bar, index) => ({
    label: [
      bar.label + " ".repeat(label - (labels[index] ?? 0)),
      " ".repeat(text - (texts[index] ?? 0)) + bar.text
    ].join("  "),
    value: bar.value
  }))
  const chart = new Chartscii(rows, { orientation: "horizontal", width: room, naked: true, barSize: 1, padding: 0 })
  return chart
    .create()
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n")
}
