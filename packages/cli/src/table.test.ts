import { PassThrough } from "node:stream"
import fc from "fast-check"
import stringWidth from "string-width"
import { expect, test } from "vitest"
import { outputOn } from "./output.ts"
import { plain } from "./plain.ts"
import { type Column, tableText } from "./table.ts"

const outputOf = (columns: number) => {
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns })
  const io = {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    env: {},
    signal: new AbortController().signal
  }
  return outputOn(io, { json: false, quiet: true, color: false })
}

const cell = fc.oneof(
  fc.stringMatching(/^[!-~]{1,70}$/),
  fc.stringMatching(/^[a-z ]{1,40}$/),
  fc.constantFrom("日本語のマシン", "Größe", "🚀 fast", "e\u0301")
)

test("no table is wider than its terminal, and what must be shown is shown", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 160 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.array(cell, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
      (width, spares, rows) => {
        const columns = spares.map(
          (spare, index): Column<ReadonlyArray<string>> => ({
            ...{ head: `c${index}`, spare: index === 0 ? 0 : spare, right: index % 2 === 1 },
            cell: (row) => plain(row[index] ?? "")
          })
        )
        const text = tableText(outputOf(width), columns, rows)
        for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(width)
        const letters = (all: string) => all.replace(/\s/g, "")
        if (columns.length === 1) {
          for (const [first = ""] of rows) expect(letters(text)).toContain(letters(first))
        }
      }
    )
  )
})

test("what a cloud wrote neither colours nor moves anything", () => {
  const text = plain("a\u001b[31mred\u001b[0m\r\n\u001b]0;title\u0007b\u202e")
  expect([...text].filter((char) => char < " " || char === "\u202e")).toEqual([])
  expect(text).toContain("ared")
})
