import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { Block } from "./blocks.ts"
import { runExamples } from "./run.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "examples-test-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The failures of one page with these blocks, of which the first code line is line 10. */
const failuresOf = (...codes: ReadonlyArray<string>) => {
  const blocks = new Map<string, Block>()
  for (const [index, code] of codes.entries()) {
    writeFileSync(join(folder, `example-${index}.ts`), code)
    blocks.set(`example-${index}.ts`, { source: "page.md", line: 10 * (index + 1), name: null, runs: true, code })
  }
  return runExamples(folder, blocks)
}

test("the blocks of a page run in order, in a folder of their own, with the keys of simulated clouds", async () => {
  const write = `import { writeFileSync } from "node:fs"\nwriteFileSync("seen", process.env.VAST_API_KEY ?? "")`
  const read = `import { readFileSync } from "node:fs"\nif (!readFileSync("seen", "utf8")) throw new Error("no key")`
  expect(await failuresOf(write, read)).toEqual([])
})

test("a block that throws is named by its line on the page", async () => {
  const [failure = "", ...others] = await failuresOf("const a: number = 1", "const b = 2\nthrow new Error(String(b))")
  expect(others).toEqual([])
  expect(failure).toMatch(/^page\.md:10 {2}/)
  expect(failure).toContain("Error: 2")
  expect(failure).toContain("page.md:21")
})

test("a block that waits for what never comes has failed", async () => {
  expect(await failuresOf("await new Promise(() => {})")).toHaveLength(1)
})
