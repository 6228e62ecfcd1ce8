import { randomBytes } from "node:crypto"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { cutMachine, shellsAndClients } from "../testing/cut-machine.ts"
import { withoutSshd } from "../testing/sshd.ts"

describe.skipIf(withoutSshd).each(shellsAndClients)(
  "what a job writes, by $transport under $shell",
  ({ shell, transport }) => {
    const on = cutMachine(shell, { transport })

    test("comes byte for byte: any byte, no line break at the end, over a cut", async () => {
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      const bytes = Buffer.concat([every, randomBytes(8_000_000), Buffer.from("\n#anygpu-00\n#anygpu beat\r\0")])
      writeFileSync(join(on.sshd.folder, "bytes"), bytes)
      const job = await on.machine.start(`cat ${on.sshd.folder}/bytes; sleep 1; cat ${on.sshd.folder}/bytes >&2`)
      const [got, errors]: [Uint8Array[], Uint8Array[]] = [[], []]
      let cuts = 0
      let size = 0
      for await (const chunk of job.output()) {
        got.push(chunk)
        size += chunk.length
        if (cuts === 0 && size > 1_000_000) cuts += on.cutter.cut("reset")
      }
      for await (const chunk of job.output({ stream: "err" })) errors.push(chunk)
      expect(cuts).toBe(1)
      expect(Buffer.concat(got).equals(bytes)).toBe(true)
      expect(Buffer.concat(errors).equals(bytes)).toBe(true)
    }, 240_000)

    test("comes while a line is not whole: a progress bar by carriage returns", async () => {
      const go = join(on.sshd.folder, "go-on")
      const bar = "i=0; while [ $i -lt 5 ]; do i=$((i + 1)); printf '\\r%3d %%' $((i * 20)) >&2; done"
      const job = await on.machine.start(`${bar}; while [ ! -e ${go} ]; do sleep 0.1; done; printf '\\rdone\\n' >&2`)
      let text = ""
      for await (const chunk of job.output({ stream: "err" })) {
        text += Buffer.from(chunk)
        // It goes on only once all of the bar has come, so that it cannot have waited for the end of the line.
        if (text.endsWith("100 %")) writeFileSync(go, "")
      }
      expect(text).toBe("\r 20 %\r 40 %\r 60 %\r 80 %\r100 %\rdone\n")
    }, 240_000)
  }
)
