import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { compileCacheFolder } from "./compile-cache.ts"

let caches = ""
beforeEach(() => {
  caches = mkdtempSync(join(tmpdir(), "anygpu-caches-"))
})
afterEach(() => rmSync(caches, { recursive: true, force: true }))

const folderIn = () => compileCacheFolder({ XDG_CACHE_HOME: caches })
const own = () => join(caches, "anygpu", "compiled")

test.runIf(process.platform === "linux")("is made for its owner alone", () => {
  expect(folderIn()).toBe(own())
  expect(statSync(own()).mode & 0o777).toBe(0o700)
  expect(folderIn()).toBe(own())
})

test.runIf(process.platform === "linux").each([
  ["open to others", () => chmodSync(own(), 0o755)],
  [
    "a link to somewhere else",
    () => {
      rmSync(own(), { recursive: true })
      mkdirSync(join(caches, "elsewhere"), { mode: 0o700 })
      symlinkSync(join(caches, "elsewhere"), own())
    }
  ]
])("a folder that is %s is not used", (_, change) => {
  folderIn()
  change()
  expect(folderIn()).toBeNull()
})

test.runIf(process.platform === "linux")("where no folder can be made, there is no cache", () => {
  const file = join(caches, "a-file")
  writeFileSync(file, "")
  expect(compileCacheFolder({ XDG_CACHE_HOME: file })).toBeNull()
})
