import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { checkLicenses, checkNotices, checkPackages, packedFiles, prune } from "./check-packages.ts"
import { packageFolders } from "./packages/manifest.ts"

const repository = resolve(`${import.meta.dirname}/..`)

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "packages-"))
  folders.push(folder)
  return folder
}

const write = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

/** What `tsc` leaves in `dist` for a source. */
const declared = (source: string): ReadonlyArray<string> => {
  const path = source.replace(/^src/, "dist").replace(/\.ts$/, ".d.ts")
  return [path, `${path}.map`]
}

const manifest = {
  name: "a",
  version: "0.0.0",
  files: ["dist", "src", "!**/*.test.*"],
  exports: { ".": { "anygpu-source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" } }
}

/** A built package that is as it should be, with these changes; null takes a file away. */
const workspace = (changes: Readonly<Record<string, string | null>> = {}): string => {
  const root = temporary()
  const files = ["src/index.ts", "src/b.ts", "src/b.test.ts"]
  const built = Object.fromEntries(files.flatMap(declared).map((path) => [path, ""]))
  const own: Record<string, string | null> = {
    "package.json": JSON.stringify(manifest),
    "README.md": "# a",
    LICENSE: "MIT",
    ...Object.fromEntries(files.map((path) => [path, ""])),
    ...built,
    "dist/index.js": 'import{b}from"./chunk-1.js"; const later = () => import("./later-2.js")',
    "dist/index.js.map": "",
    "dist/chunk-1.js": "",
    "dist/chunk-1.js.map": "",
    "dist/later-2.js": "",
    "dist/later-2.js.map": "",
    ...changes
  }
  write(root, { LICENSE: "MIT" })
  for (const [path, content] of Object.entries(own)) {
    if (content !== null) write(join(root, "packages/a"), { [path]: content })
  }
  return root
}

describe("a package", () => {
  test("that publishes its sources and what is built from them is fine", () => {
    expect(checkPackages(workspace())).toEqual([])
  })

  test.each<[string, Record<string, string | null>, ReadonlyArray<string>]>([
    [
      "a test",
      { "package.json": JSON.stringify({ ...manifest, files: ["dist", "src", "!dist/**/*.test.*"] }) },
      ["a publishes src/b.test.ts"]
    ],
    ["the state of a build", { "dist/.tsbuildinfo": "" }, ["a publishes dist/.tsbuildinfo"]],
    ["a stale chunk", { "dist/chunk-0.js": "" }, ["a publishes dist/chunk-0.js"]],
    ["a declaration without a source", { "dist/old.d.ts": "" }, ["a publishes dist/old.d.ts"]],
    ["help for tests", { "src/testing/c.ts": "" }, ["a publishes src/testing/c.ts"]],
    ["no README", { "README.md": null }, ["a lacks README.md"]],
    ["no declarations", { "dist/b.d.ts": null }, ["a lacks dist/b.d.ts"]],
    ["no entry", { "dist/index.js": null }, ["a lacks dist/index.js"]],
    ["no chunk that an entry loads", { "dist/later-2.js": null }, ["a lacks dist/later-2.js"]]
  ])("with %s is not", (_, changes, wrong) => {
    expect(checkPackages(workspace(changes))).toEqual(expect.arrayContaining([...wrong]))
  })

  const command = JSON.stringify({ ...manifest, files: ["bin", ...manifest.files], bin: { a: "./bin/bin.js" } })
  const bundled = { "package.json": command, "bin/bin.js": 'import("./run-3.js")', "bin/run-3.js": "" }

  test("carries the chunks of its command, without maps, and no others", () => {
    expect(checkPackages(workspace(bundled))).toEqual([])
    expect(checkPackages(workspace({ ...bundled, "bin/old-4.js": "" }))).toEqual(["a publishes bin/old-4.js"])
    expect(checkPackages(workspace({ ...bundled, "bin/run-3.js": null }))).toEqual(["a lacks bin/run-3.js"])
  })

  test("ships the licences of what is bundled into its command", () => {
    const notices = "bin/THIRD_PARTY_NOTICES.txt"
    expect(checkNotices(workspace(bundled))).toEqual([`a lacks ${notices}, with the licences of what is bundled`])
    const whole = workspace({ ...bundled, [notices]: "the licences" })
    expect([...checkNotices(whole), ...checkPackages(whole)]).toEqual([])
  })

  test("that is private is not looked at", () => {
    const secret = { "package.json": JSON.stringify({ ...manifest, private: true }), "README.md": null }
    expect(checkPackages(workspace(secret))).toEqual([])
  })

  test("has the license of the repository", () => {
    expect(checkLicenses(workspace({ LICENSE: "other" }))).toHaveLength(1)
    expect(checkLicenses(workspace({ LICENSE: null }))).toHaveLength(1)
  })

  test("carries the page that it serves, with what is packed beside it, and nothing of an earlier build", () => {
    const html = '<link rel="stylesheet" href="/assets/page-2.css"><script src="/assets/page-1.js"></script>'
    const assets = ["page-1.js", "page-1.js.gz", "page-2.css"].map((name) => [`dist/page/assets/${name}`, ""] as const)
    const old = "dist/page/assets/page-0.js"
    const root = workspace({ "dist/page/index.html": html, ...Object.fromEntries(assets), [old]: "" })
    expect(checkPackages(root)).toEqual([`a publishes ${old}`])
    expect(prune(root)).toEqual([old])
    expect(checkPackages(root)).toEqual([])
    rmSync(join(root, "packages/a/dist/page/assets/page-2.css"))
    expect(checkPackages(root)).toEqual(["a lacks dist/page/assets/page-2.css"])
  })

  test("is freed of what earlier builds left", () => {
    const root = workspace({ "dist/chunk-0.js": "", "dist/old.d.ts": "", "dist/old/c.d.ts.map": "" })
    expect([...prune(root)].sort()).toEqual(["dist/chunk-0.js", "dist/old.d.ts", "dist/old/c.d.ts.map"])
    expect(checkPackages(root)).toEqual([])
    expect(existsSync(join(root, "packages/a/dist/b.test.d.ts"))).toBe(true)
  })
})

test("every package has the license", () => {
  expect(checkLicenses(repository)).toEqual([])
})

const sourcesIn = (folder: string): ReadonlyArray<string> => globSync("src/**/*.ts", { cwd: folder })

const isForTests = (path: string): boolean => /\.(test|test-support)\.|\/(testing|fixtures)\/|tsbuildinfo/.test(path)

describe("what a build leaves of tests is not published", () => {
  const copies = new Map<string, string>()
  let packs: ReadonlyMap<string, ReadonlyArray<string>> = new Map()
  const all = packageFolders(repository).map((folder) => folder.slice(repository.length + 1))

  /** The sources of a package, and what a build makes of all of them. */
  const built = (name: string): string => {
    const [from, to] = [join(repository, name), mkdtempSync(join(tmpdir(), "packages-"))]
    for (const path of ["package.json", "README.md", "LICENSE", "src"]) {
      cpSync(join(from, path), join(to, path), { recursive: true })
    }
    const paths = ["dist/.tsbuildinfo", "dist/testing/x.d.ts", ...sourcesIn(to).flatMap(declared)]
    write(to, Object.fromEntries(paths.map((path) => [path, ""])))
    return to
  }
  beforeAll(() => {
    for (const name of all) copies.set(name, built(name))
    packs = packedFiles([...copies.values()])
  }, 240_000)
  afterAll(() => {
    for (const folder of copies.values()) rmSync(folder, { recursive: true })
  })

  test.each(all)("%s", (name) => {
    const folder = copies.get(name) ?? ""
    const packed = packs.get(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name) ?? []
    expect(packed.filter(isForTests)).toEqual([])
    const wanted = sourcesIn(folder).filter((path) => !isForTests(path))
    expect(packed).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "package.json", ...wanted, ...wanted.flatMap(declared)])
    )
    expect(readFileSync(join(folder, "LICENSE"), "utf8")).toContain("MIT License")
  })
})
