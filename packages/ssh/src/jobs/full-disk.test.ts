import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect } from "../index.ts"
import { makeSmallDisk, type SmallDisk, withoutSmallDisks } from "../testing/small-disk.ts"
import { remoteShells, type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"

const cases = remoteShells.map((shell, index) => ({ shell, transport: (["ssh2", "openssh"] as const)[index % 2] }))

describe.skipIf(withoutSshd || withoutSmallDisks).each(cases)(
  "a full disk under $shell, by $transport",
  ({ shell, transport }) => {
    let sshd: Sshd
    let machine: ConnectedMachine
    let disk: SmallDisk
    let folder = ""
    beforeAll(async () => {
      sshd = await startSshd(shell)
      folder = join(sshd.folder, "anygpu")
      disk = makeSmallDisk(folder, 1024)
      machine = await connect(sshd, { key: sshd.key, agent: false, transport })
    }, 240_000)
    afterAll(async () => {
      await machine?.close()
      disk?.remove()
      await sshd?.stop()
    })

    test("keeps the code of a job that runs, and what it had written", async () => {
      const go = join(sshd.folder, "go")
      const more = `head -c 100000 /dev/zero | tr '\\0' x`
      const job = await machine.start(`echo kept; while [ ! -e ${go} ]; do sleep 0.1; done; ${more}; exit 9`)
      disk.fill()
      writeFileSync(go, "")
      const status = await job.wait()
      expect(status).toMatchObject({ state: "exited", code: 9 })
      expect(status.out).toBeLessThan(100_000)
      let text = ""
      for await (const chunk of job.output()) text += Buffer.from(chunk)
      expect(text).toBe(`kept\n${"x".repeat(status.out - "kept\n".length)}`)
      disk.free()
    })

    test("begins no job, says why, and begins it under the same id once there is room", async () => {
      disk.fill()
      const ran = join(sshd.folder, "ran")
      const error = await machine.start(`echo ran > ${ran}`, { id: "later" }).catch((thrown) => thrown)
      expect(error).toMatchObject({ _tag: "RemoteFailed", message: expect.stringContaining("the disk is full") })
      expect(await machine.job("later").status()).toMatchObject({ state: "none" })
      disk.free()
      const job = await machine.start(`echo ran > ${ran}; exit 4`, { id: "later" })
      expect(await job.wait()).toMatchObject({ state: "exited", code: 4 })
    })

    test("fails an upload with what the machine says, which goes on once there is room", async () => {
      const from = mkdtempSync(join(tmpdir(), "anygpu-copy-"))
      mkdirSync(join(from, "sub"))
      for (const name of ["a", "sub/b"]) writeFileSync(join(from, name), Buffer.alloc(100_000, name))
      disk.fill()
      const error = await machine.upload(from, join(folder, "work")).catch((thrown) => thrown)
      expect(error).toMatchObject({ _tag: "RemoteFailed", message: expect.stringContaining("No space left on device") })
      disk.free()
      await machine.upload(from, join(folder, "work"))
      expect(await machine.upload(from, join(folder, "work"))).toMatchObject({ files: 0, unchanged: 2 })
      rmSync(from, { recursive: true })
    })
  }
)
