/*
 * Keepers on a real Postgres, while they are killed and frozen, and the server is restarted. The cloud, which is outside, counts
 * what was ended, how late, how often, and by whom. Each part begins with an empty database.
 *
 *   keeper.ts [--only chaos,freeze,skew,pending,dead,laptop] [--ends 2000] [--over 120] [--kills 6] [--freezes 5]
 *             [--restarts 2] [--pending 100000] [--seed 1]
 */
import { parseArgs } from "node:util"
import { freeze } from "./keeper/freeze.ts"
import { chaos, dead, laptop, pending, skew } from "./keeper/parts.ts"

const only = "chaos,freeze,skew,pending,dead,laptop"
const sizes = { ends: "2000", over: "120", kills: "6", freezes: "5", restarts: "2", pending: "100000", seed: "1" }
const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries({ ...sizes, only }).map(([name, value]) => [name, { type: "string" as const, default: value }])
  )
})
const number = (name: keyof typeof sizes): number => {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} is a whole number from 0 on`)
  return value
}

const size = {
  ...{ ends: number("ends"), over: number("over") * 1000, kills: number("kills"), freezes: number("freezes") },
  ...{ restarts: number("restarts"), pending: number("pending"), seed: number("seed") }
}

const parts = { chaos, freeze, skew, pending, dead, laptop }
let isRight = true
for (const name of String(values["only"]).split(",")) {
  const part = parts[name as keyof typeof parts]
  if (part === undefined) throw new RangeError(`--only takes ${Object.keys(parts).join(", ")}`)
  const { rows, wrong } = await part(size)
  console.log(name)
  for (const [label, value] of rows) console.log(`  ${label.padEnd(44)}${value}`)
  for (const what of wrong) console.log(`  WRONG: ${what}`)
  isRight &&= wrong.length === 0
}
process.exit(isRight ? 0 : 1)
