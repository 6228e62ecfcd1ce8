import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import fc from "fast-check"
import { expect, test } from "vitest"
import { localTree } from "./local-tree.ts"

const name = fc.constantFrom("a", "b", "A", "x.log", "build", "keep", ".env")
const folder = fc.constantFrom("", "a/", "b/", "a/b/", "build/", "a/build/")
const path = fc.tuple(folder, name).map(([below, file]) => `${below}${file}`)
const pattern = fc.tuple(
  fc.constantFrom("", "!"),
  fc.constantFrom(
    "*.log",
    "build/",
    "/a",
    "a/*",
    "**/keep",
    "b",
    "*",
    "!*",
    "A",
    ".*",
    "a/**",
    "[ab]",
    "*/build",
    "/*"
  ),
  fc.constantFrom("", "/")
)
const rules = fc.array(
  pattern.map((parts) => parts.join("").replace(/^!!/, "!")),
  { minLength: 1, maxLength: 4 }
)

/** Writes a tree; a path that is a folder already, or needs a file to be one, is left out. */
const write = (root: string, files: ReadonlyMap<string, string>): void => {
  for (const [file, text] of files) {
    try {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    } catch (error) {
      if (!(error instanceof Error && /EEXIST|ENOTDIR|EISDIR/.test(error.message))) throw error
    }
  }
}

test("nothing is copied that git ignores, in random trees with random rules", { timeout: 120_000 }, async () => {
  const tree = fc.tuple(fc.array(path, { minLength: 3, maxLength: 12 }), rules, fc.option(rules), fc.option(rules))
  await fc.assert(
    fc.asyncProperty(tree, async ([paths, top, inA, inBuild]) => {
      const root = mkdtempSync(join(tmpdir(), "anygpu-tree-"))
      try {
        const texts = new Map<string, string>(paths.map((one) => [one, "x"]))
        texts.set(".gitignore", top.join("\n"))
        if (inA) texts.set("a/.gitignore", inA.join("\n"))
        if (inBuild) texts.set("build/.gitignore", inBuild.join("\n"))
        write(root, texts)
        const git = (...args: ReadonlyArray<string>) => execFileSync("git", ["-C", root, ...args]).toString()
        git("init", "-q")
        const allowed = git("ls-files", "-co", "--exclude-standard", "-z").split("\0")
        const { entries } = await localTree(root, { ignoring: true })
        const copied = entries.filter(({ type }) => type === "file").map((entry) => entry.path)
        expect(copied.filter((one) => !allowed.includes(one))).toEqual([])
      } finally {
        rmSync(root, { recursive: true, force: true })
      }
    }),
    { numRuns: 60 }
  )
})

test("what git would take is copied where the rules are those of one file", async () => {
  const root = mkdtempSync(join(tmpdir(), "anygpu-tree-"))
  write(
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
