import { randomBytes } from "node:crypto"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeEach, describe, expect, test } from "vitest"
import type { Progress } from "../index.ts"
import { cutMachine, shellsAndClients } from "../testing/cut-machine.ts"
import { withoutSshd } from "../testing/sshd.ts"
import { partOf } from "./big-file.ts"
import { entryAt } from "./local-tree.ts"

/** What of a copy may be under way when its connection is cut, and is sent again. */
const inFlight = 6 * 1024 * 1024

let here = ""
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "anygpu-copy-"))
  return () => rmSync(here, { recursive: true, force: true })
})

describe.skipIf(withoutSshd).each(shellsAndClients)(
  "copying big files by $transport, with the programs of $shell",
  ({ shell, transport }) => {
    const on = cutMachine(shell, { transport, patience: "30 seconds" })
    let there = ""
    let number = 0
    beforeEach(() => {
      there = join(on.sshd.folder, `there ${++number}`)
    })

    test("goes on in the middle of a big file after a lost connection, with the same bytes", async () => {
      const from = join(here, "from")
      mkdirSync(join(from, "sub"), { recursive: true })
      const big = randomBytes(32 * 1024 * 1024)
      writeFileSync(join(from, "sub/it's big"), big, { mode: 0o640 })
      utimesSync(join(from, "sub/it's big"), 1_700_000_000, 1_700_000_000)
      let cuts = 0
      let sent = 0
      let last = 0
      const onProgress = ({ bytes }: Progress) => {
        // Another try begins at what is there already, which is less than was sent.
        sent += Math.max(0, bytes - last)
        last = bytes
        if (cuts < 3 && sent > (cuts + 1) * 8_000_000) cuts += on.cutter.cut("reset")
      }
      await on.machine.upload(from, there, { onProgress })
      expect(cuts).toBe(3)
      const copy = join(there, "sub/it's big")
      expect(readFileSync(copy).equals(big)).toBe(true)
      expect([statSync(copy).mode & 0o7777, statSync(copy).mtimeMs]).toEqual([0o640, 1_700_000_000_000])
      expect(readdirSync(join(there, "sub"))).toEqual(["it's big"])
      expect(sent).toBeLessThan(big.length + 3 * inFlight)
      expect(await on.machine.upload(from, there)).toMatchObject({ files: 0, unchanged: 1 })

      const back = join(here, "back")
      cuts = 0
      sent = 0
      last = 0
      await on.machine.download("**", back, { from: there, onProgress })
      expect(cuts).toBe(3)
      const fetched = join(back, "sub/it's big")
      expect(readFileSync(fetched).equals(big)).toBe(true)
      expect([statSync(fetched).mode & 0o7777, statSync(fetched).mtimeMs]).toEqual([0o640, 1_700_000_000_000])
      expect(readdirSync(join(back, "sub"))).toEqual(["it's big"])
      expect(sent).toBeLessThan(big.length + 3 * inFlight)
      expect(await on.machine.download("**", back, { from: there })).toMatchObject({ files: 0, unchanged: 1 })
    }, 240_000)

    test("sends a big file again whose part was damaged, or is of what it held before", async () => {
      const from = join(here, "from")
      mkdirSync(from)
      const big = randomBytes(20 * 1024 * 1024)
      writeFileSync(join(from, "big"), big)
      const entry = await entryAt(from, "big")
      if (!entry) throw new Error("no entry")
      mkdirSync(there)
      writeFileSync(join(there, partOf(entry)), Buffer.alloc(10 * 1024 * 1024))
      writeFileSync(join(there, partOf({ ...entry, size: 7 })), "of before")
      await on.machine.upload(from, there)
      expect(readFileSync(join(there, "big")).equals(big)).toBe(true)
      expect(readdirSync(there)).toEqual(["big"])

      const back = join(here, "back")
      mkdirSync(back)
      const other = await entryAt(there, "big")
      if (!other) throw new Error("no entry")
      writeFileSync(join(back, partOf(other)), Buffer.alloc(10 * 1024 * 1024))
      writeFileSync(join(back, partOf({ ...other, size: 7 })), "of before")
      await on.machine.download("big", back, { from: there })
      expect(readFileSync(join(back, "big")).equals(big)).toBe(true)
      expect(readdirSync(back)).toEqual(["big"])
    }, 240_000)

    test("writes a big file through no link that leads out of the folder", async () => {
      mkdirSync(join(there, "sub"), { recursive: true })
      writeFileSync(join(there, "sub/big"), Buffer.alloc(17 * 1024 * 1024))
      const [back, outside] = [join(here, "back"), join(here, "outside")]
      for (const folder of [back, outside]) mkdirSync(folder)
      symlinkSync(outside, join(back, "sub"))
      await expect(on.machine.download("**", back, { from: there })).rejects.toMatchObject({ _tag: "BadResponse" })
      expect(readdirSync(outside)).toEqual([])
    })
  }
)
