import type { MarketShowJson } from "@anygpu/operations/protocol"
import { microsOf } from "./amount.ts"
import { cloudColor } from "./cloud-color.ts"
import type { Line, Point } from "./line-chart.ts"

const hour = 3_600_000

/**
 * The lowest price of one GPU and hour at each cloud, an hour a point.
 *
 * - An hour in which the cloud was looked at and had none is a gap, and so is one in which nobody looked.
 */
export const marketLines = (
  { hours, looked }: Pick<MarketShowJson, "hours" | "looked">,
  clouds: ReadonlyArray<string>
): ReadonlyArray<Line> => {
  const byCloud = Map.groupBy(hours, ({ provider }) => provider)
  const names = [...new Set([...byCloud.keys()])].sort()
  return names.map((name) => {
    const lowest = new Map<number, number | null>()
    for (const row of looked) if (row.provider === name) lowest.set(Date.parse(row.hour), null)
    for (const { hour: at, min } of byCloud.get(name) ?? []) {
      const [when, before] = [Date.parse(at), lowest.get(Date.parse(at)) ?? null]
      const price = min === null ? null : microsOf(min)
      lowest.set(when, price === null ? before : before === null ? price : Math.min(before, price))
    }
    const times = [...lowest.keys()].sort((a, b) => a - b)
    const points = times.flatMap((at): ReadonlyArray<Point> => {
      const point = { at, value: lowest.get(at) ?? null }
      return lowest.has(at + hour) ? [point] : [point, { at: at + hour, value: null }]
    })
    return { name, color: cloudColor(clouds, name), points }
  })
}
