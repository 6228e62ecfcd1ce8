import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { noticesOf } from "./notices.ts"

let root = ""
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "notices-"))
})
afterEach(() => rmSync(root, { recursive: true }))

const made = (name: string, manifest: object, files: Readonly<Record<string, string>> = {}): string => {
  const folder = join(root, "node_modules/.pnpm/x/node_modules", name)
  mkdirSync(join(folder, "dist"), { recursive: true })
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0", ...manifest }))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  return join(folder, "dist/index.js")
}

test("every package in a bundle is named once, with its version and its licence as it ships it", () => {
  const inputs = [
    made("b", { license: "MIT" }, { "LICENSE.md": "the text of b" }),
    made("b", { license: "MIT" }).replace("index.js", "other.js"),
    made("@scope/a", { license: "ISC" }, { license: "the text of a", NOTICE: "and its notice" }),
    made("c", { license: "0BSD" }),
    join(root, "packages/core/src/index.ts")
  ]
  const text = noticesOf(inputs)
  expect(text.match(/^\S+ 1\.0\.0 \(.*\)$/gm)).toEqual(["@scope/a 1.0.0 (ISC)", "b 1.0.0 (MIT)", "c 1.0.0 (0BSD)"])
  for (const part of ["the text of a", "and its notice", "the text of b", "which is 0BSD"]) expect(text).toContain(part)
})

test("a package of which no licence is known stops the build", () => {
  expect(() => noticesOf([made("d", {})])).toThrow("no licence is known of d")
})
