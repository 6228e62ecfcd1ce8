import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { expect, test } from "vitest"
import { checkScripts } from "./scripts.ts"

test("no package of this repository has a script that runs by itself", () => {
  expect(checkScripts(resolve(import.meta.dirname, "../.."))).toEqual([])
})

test("one that does is named", () => {
  const root = mkdtempSync(join(tmpdir(), "scripts-"))
  try {
    mkdirSync(join(root, "packages/a"), { recursive: true })
    writeFileSync(join(root, "package.json"), JSON.stringify({ scripts: { test: "vitest", prepare: "husky" } }))
    writeFileSync(join(root, "packages/a/package.json"), JSON.stringify({ scripts: { postinstall: "node a.js" } }))
    expect(checkScripts(root).map((line) => line.split(",")[0])).toEqual([
      "package.json has the script prepare",
      "packages/a/package.json has the script postinstall"
    ])
  } finally {
    rmSync(root, { recursive: true })
  }
})
