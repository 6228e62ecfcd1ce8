import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect } from "../index.ts"
import { shellsAndClients } from "../testing/cut-machine.ts"
import { type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"

let here = ""
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "anygpu-copy-"))
  return () => rmSync(here, { recursive: true, force: true })
})

describe.skipIf(withoutSshd).each(shellsAndClients)(
  "a copy by $transport, with the programs of $shell",
  ({ shell, transport }) => {
    let sshd: Sshd
    let machine: ConnectedMachine
    let there = ""
    let outside = ""
    beforeAll(async () => {
      sshd = await startSshd(shell)
      machine = await connect(sshd, { key: sshd.key, agent: false, transport })
    }, 240_000)
    afterAll(async () => {
      await machine?.close()
      await sshd?.stop()
    })
    let number = 0
    beforeEach(() => {
      there = join(sshd.folder, `there-${++number}`)
      outside = join(sshd.folder, `outside-${number}`)
      for (const folder of [there, outside]) mkdirSync(folder)
    })

    test("writes small files through no link of the machine that leads out of the folder", async () => {
      mkdirSync(join(here, "sub"))
      writeFileSync(join(here, "sub/small"), "s")
      symlinkSync(outside, join(there, "sub"))
      await machine.upload(here, there)
      expect(readdirSync(outside)).toEqual([])
    })

    test("writes big files through no link of the machine that leads out of the folder", async () => {
      mkdirSync(join(here, "sub"))
      writeFileSync(join(here, "sub/big"), Buffer.alloc(17 * 1024 * 1024))
      symlinkSync(outside, join(there, "sub"))
      await machine.upload(here, there)
      expect(readdirSync(outside)).toEqual([])
    })

    test("replaces a link that has the name of a file, and writes nothing where it leads", async () => {
      writeFileSync(join(outside, "target"), "kept")
      for (const name of ["small", "big"]) symlinkSync(join(outside, "target"), join(there, name))
      writeFileSync(join(here, "small"), "s")
      writeFileSync(join(here, "big"), Buffer.alloc(17 * 1024 * 1024))
      await machine.upload(here, there)
      expect((await machine.exec(["cat", join(outside, "target")])).stdout).toBe("kept")
      expect(await machine.upload(here, there)).toMatchObject({ files: 0, unchanged: 2 })
    })

    test("takes names that a shell, a terminal or a listing could take for something else", async () => {
      const back = mkdtempSync(join(tmpdir(), "anygpu-back-"))
      const names = [
        "-rf",
        "--help",
        "~",
        "$(touch x)",
        "`id`",
        "a\nf 1 1 644 b",
        "\u001b[2J",
        "a\\b",
        "é",
        "'",
        "x y",
        "*"
      ]
      for (const name of names) writeFileSync(join(here, name), name)
      await machine.upload(here, there, { ignore: false })
      expect(readdirSync(there).sort()).toEqual([...names].sort())
      const got = await machine.download("**", back, { from: there })
      // What cannot be the name of a file everywhere is left out, and listed; all else comes, whatever lies beside it.
      const left = ["a?f 1 1 644 b", "a\\b"]
      expect(got).toMatchObject({ files: names.length - left.length })
      expect(got.skipped.map(({ path }) => path).sort()).toEqual(left.sort())
      expect(readdirSync(back)).toHaveLength(names.length - left.length)
      for (const name of readdirSync(back)) expect(readFileSync(join(back, name), "utf8")).toBe(name)
      rmSync(back, { recursive: true })
    })
  }
)
