import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

/*
 * One red test for each thing that is still to be written. It goes, with `unwritten.ts`, when nothing is left.
 */

const folder = new URL("./", import.meta.url)
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !/(^|[/\\])unwritten\./.test(file)
)

/** Calls with a file and a text, and paths of endpoints. */
const mark = /\bunwritten\(\s*(?:"[^"]+"|here),\s*(["'])(.+?)\1\s*\)|"\/(unwritten\/[^"]+)"/gs

const left = files.flatMap((file) => {
  const text = readFileSync(new URL(file, folder), "utf8")
  return Array.from(text.matchAll(mark), ({ index, 2: said, 3: path }) => {
    const line = text.slice(0, index).split("\n").length
    return { place: `src/${file}:${line}`, what: said ?? `the route in place of /${path}` }
  })
})

describe("what is still to be written", () => {
  for (const { place, what } of left) {
    it(`${place}  ${what}`, () => expect.fail(`to write: ${what} (${place})`))
  }
  if (left.length === 0) it("nothing: delete unwritten.ts and this file", () => expect(left).toEqual([]))
})
