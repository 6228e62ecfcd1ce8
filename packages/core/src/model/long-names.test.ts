import { expect, test } from "vitest"
import { maskAssignments } from "../adapter/redact/mask.ts"
import { checkName } from "../contract/validate.ts"
import { canonicalGpu } from "./gpu-table.ts"

test.each(["_", " ", " sxm", " 80GB", "-", " pcie9", "9g.99gb+", "x"])(
  "a card's name of 32,000 times %j takes no time",
  (part) => {
    const name = `H100${part.repeat(32_000)}!`
    const from = process.cpuUsage()
    canonicalGpu(name)
    checkName(`${name}\u0000`)
    expect(process.cpuUsage(from).user / 1000).toBeLessThan(500)
  }
)

test.each([":///@", "://", "\\", "'A=", "authorization: ", '"a":"', "-p ", "login "])(
  "a text of a megabyte of %j is masked in no time",
  (part) => {
    const from = process.cpuUsage()
    maskAssignments(part.repeat(1_000_000 / part.length))
    expect(process.cpuUsage(from).user / 1000).toBeLessThan(4000)
  }
)
