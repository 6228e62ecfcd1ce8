import { randomBytes } from "node:crypto"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect } from "../index.ts"
import { type Cutter, startCutter } from "../testing/cutter.ts"
import { type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"

const cases = [
  { shell: "dash", transport: "ssh2" },
  { shell: "busybox", transport: "openssh" }
] as const

describe.skipIf(withoutSshd).each(cases)("what a job writes, by $transport under $shell", ({ shell, transport }) => {
  let sshd: Sshd
  let cutter: Cutter
  let machine: ConnectedMachine
  beforeAll(async () => {
    sshd = await startSshd(shell)
    cutter = await startCutter(sshd.port)
    machine = await connect(sshd, { port: cutter.port, key: sshd.key, agent: false, transport })
  }, 60_000)
  afterAll(async () => {
    await machine?.close()
    await cutter?.stop()
    await sshd?.stop()
  })

  test("comes byte for byte: any byte, no line break at the end, over a cut", async () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const bytes = Buffer.concat([every, randomBytes(8_000_000), Buffer.from("\n#anygpu-00\n#anygpu beat\r\0")])
    writeFileSync(join(sshd.folder, "bytes"), bytes)
    const job = await machine.start(`cat ${sshd.folder}/bytes; sleep 1; cat ${sshd.folder}/bytes >&2`)
    const [got, errors]: [Uint8Array[], Uint8Array[]] = [[], []]
    let cuts = 0
    let size = 0
    for await (const chunk of job.output()) {
      got.push(chunk)
      size += chunk.length
      if (cuts === 0 && size > 1_000_000) cuts += cutter.cut("reset")
    }
    for await (const chunk of job.output({ stream: "err" })) errors.push(chunk)
    expect(cuts).toBe(1)
    expect(Buffer.concat(got).equals(bytes)).toBe(true)
    expect(Buffer.concat(errors).equals(bytes)).toBe(true)
  }, 30_000)

  test("comes while a line is not whole: a progress bar by carriage returns", async () => {
    const go = join(sshd.folder, "go-on")
    const bar = "i=0; while [ $i -lt 5 ]; do i=$((i + 1)); printf '\\r%3d %%' $((i * 20)) >&2; done"
    const job = await machine.start(`${bar}; while [ ! -e ${go} ]; do sleep 0.1; done; printf '\\rdone\\n' >&2`)
    let text = ""
    for await (const chunk of job.output({ stream: "err" })) {
      text += Buffer.from(chunk)
      // It goes on only once all of the bar has come, so that it cannot have waited for the end of the line.
      if (text.endsWith("100 %")) writeFileSync(go, "")
    }
    expect(text).toBe("\r 20 %\r 40 %\r 60 %\r 80 %\r100 %\rdone\n")
  }, 30_000)
})
