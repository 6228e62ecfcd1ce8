import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { expect, test } from "vitest"
import config from "../vitest.config.ts"

const root = resolve(`${import.meta.dirname}/..`)

/** The folders, as seen from the root, whose tests the script of a manifest runs: what it names last. */
const foldersOf = (manifest: string, script: string): ReadonlyArray<string> => {
  const { scripts } = JSON.parse(readFileSync(resolve(root, manifest), "utf8"))
  const folder = /^vitest run .*?(\S+\/)$/.exec(scripts?.[script] ?? "")?.[1]
  return folder === undefined ? [] : [folder]
}

/** Whose script runs the tests below a folder: the nearest package's, and the root's for the tools. */
const runFor = (path: string): ReadonlyArray<string> => {
  if (path.startsWith("tools/")) return foldersOf("package.json", "unit:tools")
  let folder = dirname(path)
  while (!existsSync(resolve(root, folder, "package.json"))) folder = dirname(folder)
  return foldersOf(`${folder}/package.json`, "unit")
}

const { include = [], exclude = [] } = config.test ?? {}

test("every test is run by a task of `pnpm test`", () => {
  const files = include.flatMap((pattern) => globSync(pattern, { cwd: root, exclude }))
  expect(files.length).toBeGreaterThan(100)
  const left = files.filter((path) => !runFor(path).some((folder) => path.startsWith(folder)))
  expect(left, "give its package the script `unit`, as packages/vast has it").toEqual([])
})
