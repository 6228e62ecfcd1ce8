import type { CostJson } from "@anygpu/operations/protocol"
import { h, type JSX } from "preact"
import { microsOf } from "./amount.ts"

const items = ["compute", "storage", "traffic"] as const

/** What the parts of a bar are called where it is explained. */
export const itemTexts: Readonly<Record<(typeof items)[number], string>> = {
  compute: "GPU",
  storage: "disk",
  traffic: "traffic"
}

/** What a job costs, as a bar of its parts in the colour of its cloud; its number stands beside it. `most` fills the width; a longer one is cut, which a gap shows. */
export const costBar = (cost: CostJson, color: string, most: number): JSX.Element => {
  let left = 0
  const parts = items.flatMap((item) => {
    const micros = cost.lines.reduce((sum, line) => (line.item === item ? sum + microsOf(line.amount) : sum), 0)
    if (micros <= 0 || most <= 0) return []
    const share = (micros / most) * 100
    const part = h("rect", { class: item, x: `${left.toFixed(2)}%`, width: `${share.toFixed(2)}%`, height: 12, rx: 1 })
    left += share
    return [part]
  })
  const cut = left > 100.5 ? h("rect", { class: "cut", x: "96%", width: 3, height: 12 }) : null
  return h("svg", { class: `bar ${color}`, "aria-hidden": "true" }, [...parts, cut])
}

/** What the shades of a bar mean. */
export const costLegend = (): JSX.Element =>
  h(
    "span",
    { class: "row soft small" },
    items.map((item) => h("span", { key: item }, [h("i", { class: `shade ${item}` }), itemTexts[item]]))
  )
