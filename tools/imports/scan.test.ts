import { expect, test } from "vitest"
import { importsOf } from "./scan.ts"

test("imports are found in every form and nowhere else", () => {
  const text = [
    'import a, { b as c, type D } from "one" // import "no"',
    'import type E from "two"',
    "export * from 'three'; export type { F } from \"four\"",
    'import {\n  g\n} from "five"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template
    "const h = `import \"no\" ${await import('six')} \\` ${`${1}`}`",
    '/* export * from "no" */ const i = /["\'`]/.test(\'import "no"\') ? 1 / 2 : require("seven")',
    'type J = import("eight").K',
    'const from = "no"; export const l = { from: "no" }',
    'import "nine"'
  ].join("\n")
  expect(
    importsOf(text).map(({ specifier, line, erased }) => `${line} ${specifier}${erased ? " erased" : ""}`)
  ).toEqual([
    "1 one",
    "2 two erased",
    "3 three",
    "3 four erased",
    "6 five",
    "7 six",
    "8 seven",
    "9 eight erased",
    "11 nine"
  ])
  expect(importsOf(text)[0]?.names).toEqual(["b", "D"])
})
