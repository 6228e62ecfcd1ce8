import { execFileSync } from "node:child_process"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import type { Entry } from "./entry.ts"
import { localTree } from "./local-tree.ts"
import { pack } from "./pack.ts"

let here = ""
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "anygpu-pack-"))
  return () => rmSync(here, { recursive: true, force: true })
})

const packed = async (entries: ReadonlyArray<Entry>, root: string): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of pack(entries, (path) => join(root, path))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const archiveOf = async (root: string): Promise<Buffer> => {
  const { entries } = await localTree(root, { ignoring: false })
  return packed(entries, root)
}

/** What a folder has: files with their content, links with their target, folders. */
const shown = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const name = path.slice(root.length)
      if (entry.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`
      if (entry.isDirectory()) return `${name}/`
      return `${name} ${statSync(path).mode.toString(8)} ${Math.floor(statSync(path).mtimeMs / 1000)} ${readFileSync(path).toString("base64")}`
    })
    .sort()

const tars = [
  { tar: "GNU tar", unpack: ["tar"] },
  { tar: "busybox", unpack: ["busybox", "tar"] }
] as const

describe.each(tars)("an archive, unpacked by $tar", ({ unpack: [program, ...words] }) => {
  const unpacked = (archive: Buffer): string => {
    const to = mkdtempSync(join(here, "to-"))
    execFileSync(program, [...words, "-xpof", "-", "-C", to], { input: archive })
    return to
  }

  test("is the folder again: sizes around a record and a chunk, long names, links, empty folders", async () => {
    const from = join(here, "from")
    const long = "d".repeat(90)
    const names = ["a", `${long}/${long}`, `${long}/${"e".repeat(200)}`, "ü".repeat(70), `-x/${"ü".repeat(100)}`]
    const sizes = [0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 262_144, 300_001]
    for (const [index, size] of sizes.entries()) {
      const path = join(from, `${names[index % names.length]}-${index}`)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, Buffer.alloc(size, index + 65), { mode: 0o600 + index })
    }
    mkdirSync(join(from, "empty"))
    symlinkSync(`${"f".repeat(120)}/x`, join(from, "long link"))
    symlinkSync("a-0", join(from, "link"))
    expect(shown(unpacked(await archiveOf(from)))).toEqual(shown(from))
  })

  test("is the folder again, for any names and contents", async () => {
    const segment = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).filter((name) => {
      const isPlain = !/[/\0\n\\]/.test(name) && name !== "." && name !== ".."
      return isPlain && Buffer.byteLength(name) < 200 && name.isWellFormed()
    })
    const files = fc.dictionary(
      fc.array(segment, { minLength: 1, maxLength: 4 }).map((path) => path.join("/")),
      fc.uint8Array({ maxLength: 2000 }),
      { maxKeys: 6 }
    )
    await fc.assert(
      fc.asyncProperty(files, async (tree) => {
        const from = mkdtempSync(join(here, "from-"))
        for (const [path, content] of Object.entries(tree)) {
          try {
            mkdirSync(dirname(join(from, path)), { recursive: true })
            writeFileSync(join(from, path), content)
          } catch {
            // One name is a file and a folder.
          }
        }
        expect(shown(unpacked(await archiveOf(from)))).toEqual(shown(from))
      }),
      { numRuns: 25 }
    )
  })
})

test("a file that has shrunk since it was looked at is refused", async () => {
  writeFileSync(join(here, "file"), "12345")
  const { entries } = await localTree(here, { ignoring: false })
  writeFileSync(join(here, "file"), "1")
  await expect(packed(entries, here)).rejects.toThrow("has changed")
})
