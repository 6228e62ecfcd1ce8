import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, test } from "vitest"
import { bundle, type Runtime } from "./bundle.ts"
import { needsOfNode } from "./needs-of-node.ts"

/** The entries that need Node, and what for; every other one of every published package runs without. */
const onNode: Readonly<Record<string, string>> = {
  "@anygpu/core/sqlite": "node:sqlite",
  "anygpu/sqlite": "node:sqlite",
  "@anygpu/postgres": "net",
  "@anygpu/postgres/testing": "node:net",
  "@anygpu/keeper": "net",
  "@anygpu/dashboard": "node:http",
  "@anygpu/conformance": "node:util",
  "@anygpu/conformance/ledger": "node:util",
  "@anygpu/conformance/vitest": "node:util",
  "@anygpu/dashboard/report": "node:crypto",
  "@anygpu/ssh": "node:crypto",
  "@anygpu/ssh/effect": "node:crypto"
}

const root = join(import.meta.dirname, "..")
const entries = globSync("packages/*/package.json", { cwd: root }).flatMap((path) => {
  const manifest: { readonly name: string; readonly private?: boolean; readonly exports?: object } = JSON.parse(
    readFileSync(join(root, path), "utf8")
  )
  if (manifest.private) return []
  return Object.keys(manifest.exports ?? {})
    .filter((door) => door !== "./package.json")
    .map((door) => ({ name: `${manifest.name}${door.slice(1)}`, folder: join(root, dirname(path)) }))
})

/** A program that keeps everything an entry exports. */
const keeping = (entry: string): string => `import * as all from ${JSON.stringify(entry)}\nglobalThis.all = all`

const runtimes: ReadonlyArray<Runtime> = ["browser", "edge"]

describe.each(runtimes)("bundled for the %s", (runtime) => {
  test.each(entries.filter(({ name }) => !(name in onNode)))(
    "$name needs nothing of Node",
    async ({ name, folder }) => {
      expect(await needsOfNode({ code: keeping(name), runtime, folder })).toEqual([])
    }
  )

  test.each(entries.filter(({ name }) => name in onNode))("$name needs Node", async ({ name, folder }) => {
    const needs = await needsOfNode({ code: keeping(name), runtime, folder })
    expect(needs).toContainEqual(expect.stringContaining(`Could not resolve "${onNode[name]}"`))
  })

  test("the transport is that of the web", async () => {
    const folder = join(root, "packages/vast")
    const { files } = await bundle({ code: keeping("@anygpu/core/adapter"), runtime, folder })
    expect(files.map((file) => file.slice(file.indexOf("core/src")))).toContain(
      "core/src/adapter/default-transport.web.ts"
    )
    expect(files.filter((file) => /undici-transport|default-transport\.node/.test(file))).toEqual([])
  })
})

describe("what is found", () => {
  test.each([
    ["a module of Node", 'import { readFileSync } from "node:fs"\nreadFileSync("a")', 'Could not resolve "node:fs"'],
    ["one without its prefix", 'import { inspect } from "util"\ninspect(1)', 'Could not resolve "util"'],
    ["one that is imported later", 'export const read = () => import("node:fs")', 'Could not resolve "node:fs"'],
    [
      "a global of Node",
      "export const text = (bytes: Uint8Array) => Buffer.from(bytes)",
      "Buffer (entry-of-bundle.ts)"
    ],
    ["another one", "export const key = process.env.KEY", "process (entry-of-bundle.ts)"]
  ])("%s", async (_, code, need) => {
    expect(await needsOfNode({ code, runtime: "browser" })).toContainEqual(expect.stringContaining(need))
  })

  test.each([
    ["a global that is looked for", 'export const key = typeof process === "undefined" ? "" : process.env.KEY'],
    ["a module whose lack is caught", 'try { require("node:fs") } catch {}'],
    ["a name of the program's own", "const process = (text: string) => text\nexport const done = process('a')"],
    ["a word in a text", 'export const advice = "Buffer.from and process.env need Node"']
  ])("but not %s", async (_, code) => {
    expect(await needsOfNode({ code, runtime: "browser" })).toEqual([])
  })
})
