import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { inMillis, median } from "./measure.ts"
import type { Measured, Way } from "./once.ts"

/*
 * How the time and the memory of a search grow with the number of offers, with the SDK and by hand.
 *
 *   scale.ts       3 processes of each
 *   scale.ts 11    more of them
 */

const processes = Number(process.argv[2] ?? 3)
const few = 10_000
const many = 100_000

const once = (way: Way, count: number): Measured => {
  const file = fileURLToPath(new URL("once.ts", import.meta.url))
  const answer = execFileSync(process.execPath, [...process.execArgv, file, way, String(count)], { encoding: "utf8" })
  return JSON.parse(answer) as Measured
}

const measured = { sdk: { few: [], many: [] }, hand: { few: [], many: [] } } as {
  readonly [W in Way]: { readonly few: Measured[]; readonly many: Measured[] }
}
for (let round = 0; round < processes; round++) {
  for (const way of ["sdk", "hand"] as const) {
    measured[way].few.push(once(way, few))
    measured[way].many.push(once(way, many))
  }
}

const timeOf = (all: ReadonlyArray<Measured>): number => median(all.map(({ millis }) => millis))

console.log(`${many} offers in one answer; median of ${processes} processes of each`)
console.table(
  (["sdk", "hand"] as const).map((way) => {
    const { few: small, many: great } = measured[way]
    const growth = timeOf(great) / timeOf(small)
    const bytes = great[0]?.bytes ?? Number.NaN
    const times = (all: ReadonlyArray<number>) => (median(all) / bytes).toFixed(2)
    return {
      way: way === "sdk" ? "with the SDK" : "by hand",
      [`${few}`]: inMillis(timeOf(small)),
      [`${many}`]: inMillis(timeOf(great)),
      "time, times more": growth.toFixed(1),
      "body, MB": (bytes / 1e6).toFixed(0),
      "peak, times the body": times(great.map(({ peak }) => peak)),
      target: way === "sdk" ? "at most 11.0, under 3" : ""
    }
  })
)
