import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { checkApi, writeApi } from "./api-reports.ts"
import { checkManifest, entriesOf, packageFolders } from "./manifest.ts"
import { checkResolution } from "./tarballs.ts"

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const manifest = {
  name: "@acme/a",
  version: "1.0.0",
  type: "module",
  sideEffects: false,
  files: ["dist"],
  license: "MIT",
  engines: { node: ">=22" },
  publishConfig: { access: "public", provenance: true },
  exports: {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./more": { types: "./dist/more.d.ts", default: "./dist/more.js" },
    "./package.json": "./package.json"
  }
}

/** A workspace with one package, with these files changed. */
const workspace = (changes: Readonly<Record<string, string>> = {}) => {
  const root = mkdtempSync(join(tmpdir(), "publish-"))
  folders.push(root)
  const folder = join(root, "packages/a")
  const files = {
    "package.json": JSON.stringify(manifest),
    "dist/index.js": "export const one = 1\n",
    "dist/index.d.ts": "/** One. */\nexport declare const one: number;\n",
    "dist/more.js": "export const two = 2\n",
    "dist/more.d.ts": "/** Two. */\nexport declare const two: number;\n",
    ...changes
  }
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  return { root, folder, write }
}

describe("a manifest", () => {
  test("lists its entries with declarations", () => {
    const { folder } = workspace()
    expect(entriesOf(folder).map(({ name, types }) => [name, types])).toEqual([
      ["@acme/a", "./dist/index.d.ts"],
      ["@acme/a/more", "./dist/more.d.ts"]
    ])
  })

  test.each<[string, object]>([
    ["type", { type: "commonjs" }],
    ["sideEffects", { sideEffects: true }],
    ["engines", { engines: {} }],
    ["publishConfig", { publishConfig: { access: "public" } }]
  ])("that is wrong in its %s is found", (field, wrong) => {
    expect(checkManifest(workspace().folder)).toEqual([])
    const { folder } = workspace({ "package.json": JSON.stringify({ ...manifest, ...wrong }) })
    expect(checkManifest(folder)).toEqual([expect.stringContaining(`@acme/a lacks "${field}"`)])
  })

  test("of a private package is not looked for", () => {
    const { root } = workspace({ "package.json": JSON.stringify({ ...manifest, private: true }) })
    expect(packageFolders(root)).toEqual([])
  })
})

test("a change of a public signature is reported with its line, until it is written down", { timeout: 60_000 }, () => {
  const { root, write } = workspace()
  expect([...writeApi(root)].sort()).toEqual(["acme-a-more.api.md", "acme-a.api.md"])
  expect(checkApi(root)).toEqual([])
  expect(readFileSync(join(root, "docs/api/acme-a.api.md"), "utf8")).toContain("export const one: number;")

  write("dist/index.d.ts", "/** One. */\nexport declare const one: string;\n")
  expect(checkApi(root)).toEqual([
    expect.stringMatching(/^docs\/api\/acme-a\.api\.md:\d+ {2}public signatures changed: run pnpm run api:write/)
  ])
  writeFileSync(join(root, "docs/api/gone.api.md"), "")
  expect(checkApi(root)).toContain("docs/api/gone.api.md:1  no entry has this report: run pnpm run api:write")
  expect([...writeApi(root)].sort()).toEqual(["acme-a.api.md", "gone.api.md"])
  expect(checkApi(root)).toEqual([])
})

describe("a tarball", () => {
  const problemsWith = async (changes: Readonly<Record<string, string>>): Promise<ReadonlyArray<string>> => {
    const { folder } = workspace(changes)
    execFileSync("npm", ["pack", "--ignore-scripts", "--offline", "--no-update-notifier"], {
      cwd: folder,
      stdio: "ignore",
      shell: process.platform === "win32"
    })
    const { name, version } = manifest
    return checkResolution([{ name, version, filename: join(folder, "acme-a-1.0.0.tgz") }])
  }

  test("that resolves is fine", async () => {
    expect(await problemsWith({})).toEqual([])
  })

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "an entry that leads nowhere",
      { "package.json": JSON.stringify({ ...manifest, exports: { ".": "./dist/gone.js" } }) },
      /publint: .*gone\.js/
    ],
    [
      "declarations that import what is not there",
      { "dist/index.d.ts": 'export * from "./gone.js"\n' },
      /attw: InternalResolutionError/
    ],
    [
      "declarations of a default export that CommonJS would have",
      {
        "package.json": JSON.stringify({
          ...manifest,
          exports: { ".": { types: "./dist/index.d.cts", default: "./dist/index.js" } }
        }),
        "dist/index.d.cts": "export declare const one: number;\n"
      },
      /attw: FalseCJS/
    ]
  ])("with %s is not", async (_, changes, problem) => {
    expect((await problemsWith(changes)).join("\n")).toMatch(problem)
  })
})
