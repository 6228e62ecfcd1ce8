import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import fc from "fast-check"
import { localTree } from "../copy/local-tree.ts"

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

/** Writes files below a folder; a path that is a folder already, or needs a file to be one, is left out. */
export const writeTree = (root: string, files: ReadonlyMap<string, string>): void => {
  for (const [file, text] of files) {
    try {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    } catch (error) {
      if (!(error instanceof Error && /EEXIST|ENOTDIR|EISDIR/.test(error.message))) throw error
    }
  }
}

/** What came of a number of trees: files of all of them together. */
export interface IgnoredTrees {
  readonly trees: number
  /** What git ignores, none of which is uploaded. */
  readonly ignored: number
  /** What both would take. */
  readonly copied: number
  /** What git would take, and an upload does not. */
  readonly leftOut: number
}

const tree = fc.tuple(fc.array(path, { minLength: 3, maxLength: 12 }), rules, fc.option(rules), fc.option(rules))

/** What an upload takes and what git takes, of one tree in a folder that is there. */
const takenOf = async (
  root: string,
  [paths, top, inA, inBuild]: typeof tree extends fc.Arbitrary<infer A> ? A : never
) => {
  const texts = new Map<string, string>(paths.map((one) => [one, "x"]))
  texts.set(".gitignore", top.join("\n"))
  if (inA) texts.set("a/.gitignore", inA.join("\n"))
  if (inBuild) texts.set("build/.gitignore", inBuild.join("\n"))
  writeTree(root, texts)
  const git = (...args: ReadonlyArray<string>) =>
    execFileSync("git", ["-C", root, ...args])
      .toString()
      .split("\0")
      .filter(Boolean)
  git("init", "-q")
  const { entries } = await localTree(root, { ignoring: true })
  return {
    taken: entries.filter(({ type }) => type === "file").map((entry) => entry.path),
    allowed: git("ls-files", "-co", "--exclude-standard", "-z"),
    ignored: git("ls-files", "-oi", "--exclude-standard", "-z")
  }
}

/** Compares random trees with random rules with what git makes of them. Rejects with the tree from which too much is taken. */
export const againstGit = async (trees: number, seed?: number): Promise<IgnoredTrees> => {
  let [ignoredFiles, copied, leftOut, done] = [0, 0, 0, 0]
  const property = fc.asyncProperty(tree, async (one) => {
    const root = mkdtempSync(join(tmpdir(), "anygpu-tree-"))
    try {
      const { taken, allowed, ignored } = await takenOf(root, one)
      const tooMuch = taken.filter((file) => !allowed.includes(file) || ignored.includes(file))
      if (tooMuch.length > 0) throw new Error(`git ignores ${tooMuch.join(", ")}`)
      done += 1
      ignoredFiles += ignored.length
      copied += taken.length
      leftOut += allowed.filter((file) => !taken.includes(file)).length
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  })
  await fc.assert(property, { numRuns: trees, ...(seed !== undefined && { seed }) })
  return { trees: done, ignored: ignoredFiles, copied, leftOut }
}
