import { PassThrough } from "node:stream"
import { stripVTControlCharacters } from "node:util"
import fc from "fast-check"
import stringWidth from "string-width"
import { expect, test } from "vitest"
import { outputOn } from "./output.ts"
import { plain } from "./plain.ts"
import { type Column, tableText } from "./table.ts"

/** With colours: they must not change what fits. */
const outputOf = (columns: number) => {
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns })
  const io = {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    env: {},
    signal: new AbortController().signal
  }
  return outputOn(io, { json: false, quiet: true, color: true })
}

const cell = fc.oneof(
  fc.stringMatching(/^[!-~]{15,70}$/),
  fc.stringMatching(/^[a-z ]{1,40}$/),
  fc.constantFrom("日本語のマシン", "Größe", "🚀 fast", "e\u0301")
)

test("no table is wider than its terminal", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 160 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.array(cell, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
      (width, spares, rows) => {
        const columns = spares.map(
          (spare, index): Column<ReadonlyArray<string>> => ({
            ...{ head: `c${index}`, spare: index === 0 ? 0 : spare, right: index % 2 === 1 },
            cell: (row) => plain(row[index] ?? ""),
            paint: (text, _, colors) => colors.red(text)
          })
        )
        const text = tableText(outputOf(width), columns, rows)
        for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(width)
      }
    )
  )
})

test("what must be shown is broken into lines, and nothing of it is cut off", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!-~]{30,200}$/), fc.stringMatching(/^[!-~]{1,8}$/), (long, short) => {
      const columns: ReadonlyArray<Column<string>> = [
        { head: "ref", cell: (row) => row, spare: 0, paint: (text, _, colors) => colors.cyan(text) },
        { head: "per hour", cell: () => short, spare: 0, right: true }
      ]
      const [, ...lines] = stripVTControlCharacters(tableText(outputOf(40), columns, [long])).split("\n")
      const [first = "", ...rest] = lines
      expect(first.slice(0, 30).trimEnd() + rest.join("")).toBe(long)
      expect(first.endsWith(short)).toBe(true)
    })
  )
})

test("what a cloud wrote neither colours nor moves anything", () => {
  const text = plain("a\u001b[31mred\u001b[0m\r\n\u001b]0;title\u0007b\u202e")
  expect([...text].filter((char) => char < " " || char === "\u202e")).toEqual([])
  expect(text).toBe("a\\x1b[31mred\\x1b[0m\\r\\n\\x1b]0;title\\x07b\\u202e")
})
