import {
  chmodSync,
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
import { beforeEach, describe, expect, test } from "vitest"
import type { Progress } from "../index.ts"
import { cutMachine, shellsAndClients } from "../testing/cut-machine.ts"
import { withoutSshd } from "../testing/sshd.ts"

let here = ""
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "anygpu-copy-"))
  return () => rmSync(here, { recursive: true, force: true })
})

/** Writes files below a folder. */
const write = (root: string, files: Readonly<Record<string, string>>): string => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

/** Every path below a folder, in order. */
const pathsIn = (root: string): ReadonlyArray<string> => readdirSync(root, { recursive: true }).map(String).sort()

describe.skipIf(withoutSshd).each(shellsAndClients)(
  "copying by $transport, with the programs of $shell",
  ({ shell, transport }) => {
    const on = cutMachine(shell, { transport, patience: "30 seconds" })
    let there = ""
    let number = 0
    beforeEach(() => {
      there = join(on.sshd.folder, `there ${++number}`)
    })

    test("keeps contents, permissions, times, links and odd names, both ways", async () => {
      const odd = 'it\'s a "file" $x -ü'
      const from = write(join(here, "from"), {
        "run.sh": "#!/bin/sh",
        [`a/b/${odd}`]: "text",
        "-dash": "d",
        "empty/.keep": ""
      })
      chmodSync(join(from, "run.sh"), 0o750)
      mkdirSync(join(from, "no files"))
      symlinkSync("a/b", join(from, "link"))
      const progress: Progress[] = []
      const sent = await on.machine.upload(from, there, { onProgress: (one) => progress.push(one) })
      expect(sent).toMatchObject({ files: 5, bytes: 14, unchanged: 0, skipped: [] })
      expect(progress.at(-1)).toMatchObject({ totalBytes: 14, totalFiles: 5 })
      expect(pathsIn(there)).toEqual(pathsIn(from))
      expect(readFileSync(join(there, "a/b", odd), "utf8")).toBe("text")
      expect(readlinkSync(join(there, "link"))).toBe("a/b")
      expect(statSync(join(there, "run.sh")).mode & 0o7777).toBe(0o750)

      const back = join(here, "back")
      const got = await on.machine.download(["**"], back, { from: there })
      expect(got).toMatchObject({ files: 5, bytes: 14, unchanged: 0, skipped: [] })
      expect(pathsIn(back)).toEqual(pathsIn(from).filter((path) => path !== "no files"))
      expect(statSync(join(back, "run.sh")).mode & 0o7777).toBe(0o750)
      expect(Math.floor(statSync(join(back, "run.sh")).mtimeMs / 1000)).toBe(
        Math.floor(statSync(join(from, "run.sh")).mtimeMs / 1000)
      )
    })

    test("sends and fetches only what has changed", async () => {
      const from = write(join(here, "from"), { one: "1", two: "2", "sub/three": "3" })
      await on.machine.upload(from, there)
      expect(await on.machine.upload(from, there)).toMatchObject({ files: 0, bytes: 0, unchanged: 3 })
      write(from, { two: "22" })
      expect(await on.machine.upload(from, there)).toMatchObject({ files: 1, bytes: 2, unchanged: 2 })
      const back = join(here, "back")
      await on.machine.download("**", back, { from: there })
      writeFileSync(join(there, "one"), "111")
      expect(await on.machine.download("**", back, { from: there })).toMatchObject({ files: 1, bytes: 3, unchanged: 2 })
      expect(readFileSync(join(back, "one"), "utf8")).toBe("111")
    })

    test("leaves out what .gitignore and .anygpuignore say, and .git", async () => {
      const from = write(join(here, "from"), {
        ".gitignore": "*.log\n/build/\n",
        ".anygpuignore": "data/\n!keep.log\n",
        "sub/.gitignore": "!important.log\nLOCAL\n",
        ...{ "a.log": "", "keep.log": "", "build/x": "", "sub/build/x": "", "data/huge": "", ".git/config": "" },
        ...{ "sub/important.log": "", "sub/b.log": "", "sub/LOCAL": "", "sub/local": "" }
      })
      await on.machine.upload(from, there)
      const files = pathsIn(there).filter((path) => statSync(join(there, path)).isFile())
      const kept = [
        ".anygpuignore",
        ".gitignore",
        "keep.log",
        "sub/.gitignore",
        "sub/build/x",
        "sub/important.log",
        "sub/local"
      ]
      expect(files).toEqual(kept)
      await on.machine.upload(from, `${there} all`, { ignore: false })
      expect(pathsIn(`${there} all`)).toEqual(pathsIn(from))
    })

    test("takes what patterns mean, a folder with all that is in it, and one file", async () => {
      write(there, { "out/a.pt": "a", "out/deep/b.pt": "b", "out/c.txt": "c", "other/d.pt": "d", ".hidden": "h" })
      const fetched = async (globs: string | ReadonlyArray<string>, name: string) => {
        await on.machine.download(globs, join(here, name), { from: there })
        return pathsIn(join(here, name)).filter((path) => statSync(join(here, name, path)).isFile())
      }
      expect(await fetched("out/**/*.pt", "1")).toEqual(["out/a.pt", "out/deep/b.pt"])
      expect(await fetched(["out", ".hidden"], "2")).toEqual([".hidden", "out/a.pt", "out/c.txt", "out/deep/b.pt"])
      expect(await fetched("nothing/*", "3")).toEqual([])
      const { code } = await on.machine.exec(["true"])
      expect(code).toBe(0)
      const single = write(join(here, "single"), { "one file": "1" })
      await on.machine.upload(join(single, "one file"), `${there}/one`)
      expect(readFileSync(join(there, "one/one file"), "utf8")).toBe("1")
    })

    test("follows no link out of the folder, and tells which it left out", async () => {
      const from = write(join(here, "from"), { inside: "1" })
      symlinkSync("/etc", join(from, "absolute"))
      symlinkSync("../../secret", join(from, "above"))
      const skipped = [{ path: "above" }, { path: "absolute" }]
      expect(await on.machine.upload(from, there)).toMatchObject({ files: 1, skipped })
      expect(pathsIn(there)).toEqual(["inside"])
      symlinkSync("/etc/passwd", join(there, "passwd"))
      expect(await on.machine.download("**", join(here, "back"), { from: there })).toMatchObject({
        ...{ files: 1, skipped: [{ path: "passwd" }] }
      })
      expect(pathsIn(join(here, "back"))).toEqual(["inside"])
    })

    test("goes on after a lost connection", async () => {
      const big = "x".repeat(1024 * 1024)
      const files = Object.fromEntries(Array.from({ length: 24 }, (_, index) => [`file-${index}`, `${index}${big}`]))
      const from = write(join(here, "from"), files)
      let cuts = 0
      const onProgress = ({ bytes }: Progress) => {
        if (bytes > 6_000_000 && cuts < 1) cuts += on.cutter.cut("reset")
      }
      await on.machine.upload(from, there, { onProgress })
      expect(cuts).toBe(1)
      await on.machine.download("**", join(here, "back"), { from: there })
      for (const path of Object.keys(files)) {
        expect(readFileSync(join(here, "back", path), "utf8") === files[path]).toBe(true)
      }
    }, 240_000)

    test("says what cannot be done, here and there", async () => {
      const tagOf = (work: Promise<unknown>) =>
        work.then(
          () => null,
          (error) => error._tag
        )
      expect(await tagOf(on.machine.upload(join(here, "missing"), there))).toBe("InvalidRequest")
      expect(await tagOf(on.machine.download("../x", here, { from: there }))).toBe("InvalidRequest")
      const from = write(join(here, "from"), { one: "1" })
      expect(await tagOf(on.machine.upload(from, "/proc/nothing"))).toBe("RemoteFailed")
    })
  }
)
