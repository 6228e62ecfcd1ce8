import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { againstGit, writeTree } from "../testing/ignored-trees.ts"
import { localTree } from "./local-tree.ts"

test("nothing is copied that git ignores, in random trees with random rules", { timeout: 240_000 }, async () => {
  const { trees, ignored } = await againstGit(60)
  expect(trees).toBe(60)
  // Trees of which git ignores nothing would show nothing.
  expect(ignored).toBeGreaterThan(60)
})

test("what git would take is copied where the rules are those of one file", async () => {
  const root = mkdtempSync(join(tmpdir(), "anygpu-tree-"))
  writeTree(
    root,
    new Map([
      [".gitignore", "*.log\n!keep.log\n"],
      ["a.log", ""],
      ["keep.log", ""],
      ["deep/b", ""]
    ])
  )
  const { entries, skipped } = await localTree(root, { ignoring: true })
  expect(entries.map((entry) => entry.path)).toEqual([".gitignore", "deep", "deep/b", "keep.log"])
  expect(skipped).toEqual([])
  rmSync(root, { recursive: true })
})
