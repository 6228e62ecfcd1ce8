import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { clouds } from "./clouds.ts"
import { capabilityPicture, kindsOf, pictureRows } from "./picture.ts"

const picture = capabilityPicture(clouds)
const kinds = kindsOf(clouds)
const { operations, options } = pictureRows(kinds)

test("has a dot for what each kind declares, and for nothing else", () => {
  for (const [column, { cloud, kind, provider }] of kinds.entries()) {
    const can = operations.filter(({ marks }) => marks[column] === "yes").map(({ name }) => name)
    expect(can.toSorted(), `${cloud} ${kind}`).toEqual([...provider.capabilities].toSorted())
    const takes = options.filter(({ marks }) => marks[column] !== "no").map(({ name }) => name)
    expect(takes.toSorted(), `${cloud} ${kind}`).toEqual([...provider.launchOptions].toSorted())
    for (const name of [...can, ...takes]) expect(picture).toContain(`<title>${cloud} ${kind}: ${name}</title>`)
  }
  const dots = [...operations, ...options].flatMap(({ marks }) => marks).filter((mark) => mark !== "no")
  expect(picture.match(/<g>/g)).toHaveLength(dots.length)
})

test("has a ring for what a launch needs", () => {
  const needed = kinds.reduce((sum, { provider }) => sum + provider.requiredOptions.size, 0)
  expect(picture.match(/class="needed"/g)).toHaveLength(needed)
})

test("names every cloud of the list, and fits its frame", () => {
  for (const { title } of clouds) expect(picture).toContain(`>${title} `)
  const [, width = 0] = /viewBox="0 0 (\d+) /.exec(picture) ?? []
  const rightmost = Math.max(...[...picture.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x)))
  expect(rightmost).toBeLessThan(Number(width))
})

test("is the one of the pages", () => {
  const kept = readFileSync(new URL("../../docs/reference/capabilities.svg", import.meta.url), "utf8")
  expect(kept).toBe(picture)
})
