import { expect, test } from "vitest"
import { blocksOf } from "./blocks.ts"

test("a page's ts blocks are found with their lines, their names and whether they run", () => {
  const text = [
    "# Title",
    "```sh",
    "ls",
    "```",
    "```ts",
    "const a = 1",
    "",
    "a",
    "```",
    "",
    "```ts file=run.ts",
    "```",
    "```ts run file=c.ts",
    "```"
  ]
  expect(blocksOf("page.md", text.join("\n"))).toEqual([
    { source: "page.md", line: 6, name: null, runs: false, code: "const a = 1\n\na" },
    { source: "page.md", line: 12, name: "run.ts", runs: false, code: "" },
    { source: "page.md", line: 14, name: "c.ts", runs: true, code: "" }
  ])
})

test("in code only examples count, without the stars", () => {
  const text = [
    "/**",
    " * ```ts",
    " * not an example",
    " * ```",
    " */",
    "const a = 1",
    "/**",
    " * Says.",
    " *",
    " * @example",
    " * ```ts",
    " * if (a) {",
    " *   b()",
    " *",
    " * }",
    " * ```",
    " */"
  ]
  expect(blocksOf("code.ts", text.join("\n"))).toEqual([
    { source: "code.ts", line: 12, name: null, runs: false, code: "if (a) {\n  b()\n\n}" }
  ])
})
