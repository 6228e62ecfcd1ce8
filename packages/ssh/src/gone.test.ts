import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect as dial } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect } from "./index.ts"
import { type Cut, type Cutter, startCutter } from "./testing/cutter.ts"
import { type Sshd, startSshd, withoutSshd } from "./testing/sshd.ts"

/** How a use of a machine that is gone ended: the tag of its error, or that it went well. */
const endOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "it looks like an end",
    (error) => (error instanceof Error && "_tag" in error ? error._tag : error)
  )

const drained = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
  for await (const _ of chunks);
}

const cuts: ReadonlyArray<Cut> = ["close", "reset", "silence"]
const cases = (["ssh2", "openssh"] as const).flatMap((transport) => cuts.map((cut) => ({ transport, cut })))

describe.skipIf(withoutSshd).each(cases)(
  "a machine by $transport that is gone for good by $cut",
  ({ transport, cut }) => {
    let sshd: Sshd
    let cutter: Cutter
    let machine: ConnectedMachine
    let here = ""
    beforeAll(async () => {
      here = mkdtempSync(join(tmpdir(), "anygpu-gone-"))
      sshd = await startSshd()
      // So slow that no upload is over before the cut.
      cutter = await startCutter(sshd.port, { bytesPerSecond: 2_000_000 })
      const patience = { keepAlive: "1 second", patience: "3 seconds", tryFor: "2 seconds" } as const
      // Of one try after the cut; the first login may take as long as this computer needs.
      const options = { port: cutter.port, key: sshd.key, agent: false, transport, within: "50 seconds" } as const
      machine = await connect(sshd, { ...options, ...patience })
    }, 240_000)
    afterAll(async () => {
      await machine?.close()
      await sshd?.stop()
      rmSync(here, { recursive: true, force: true })
    })

    test("is an error to every copy, job, port and shell that was under way: no hang, and no end that looks normal", async () => {
      const [small, big] = [join(here, "small"), join(here, "big")]
      for (const folder of [small, big]) mkdirSync(folder)
      for (let index = 0; index < 10; index++) writeFileSync(join(small, `f${index}`), Buffer.alloc(1_500_000, index))
      writeFileSync(join(big, "one"), Buffer.alloc(17 * 1024 * 1024))
      // Sparse, and so much that no copy is over before the cut.
      const sparse =
        "mkdir down; cd down; truncate -s 4G big; for i in 1 2 3 4 5 6 7 8 9; do truncate -s 15M $i 1$i 2$i 3$i; done"
      await machine.exec(sparse, { cwd: sshd.folder })
      const from = join(sshd.folder, "down")
      const job = await machine.start("while :; do echo line; sleep 0.1; done")
      const forward = await machine.forward(0, sshd.port)
      await using shell = await machine.shell()
      const forwarded = new Promise<void>((resolve, reject) => {
        dial(forward.port, "127.0.0.1")
          .on("error", (error: NodeJS.ErrnoException) => reject(error.code))
          .on("end", resolve)
          .resume()
      })
      const uses: Readonly<Record<string, Promise<unknown>>> = {
        "small files up": machine.upload(small, join(sshd.folder, "small")),
        "a big file up": machine.upload(big, join(sshd.folder, "big")),
        "small files down": machine.download("?*[0-9]", join(here, "down"), { from }),
        "a big file down": machine.download("big", join(here, "down"), { from }),
        "a wait for a job": job.wait(),
        "the output of a job": drained(job.output()),
        "a forwarded port": forwarded,
        "a shell": shell.exit()
      }
      const ends = Object.entries(uses).map(async ([name, use]) => [name, await endOf(use)] as const)
      await new Promise((done) => setTimeout(done, 1500))
      expect(cutter.cut(cut)).toBeGreaterThan(0)
      await cutter.stop()
      for (const [name, end] of await Promise.all(ends)) {
        const expected = name === "a forwarded port" ? ["ECONNRESET"] : ["ConnectionLost", "Unreachable"]
        expect.soft(expected, name).toContain(end)
      }
    }, 240_000)
  }
)
