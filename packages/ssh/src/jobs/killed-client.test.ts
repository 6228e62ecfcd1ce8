import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"

const client = new URL("../testing/client.ts", import.meta.url).pathname

const cases = [
  { shell: "bash", transport: "ssh2" },
  { shell: "dash", transport: "openssh" }
] as const

describe.skipIf(withoutSshd).each(cases)("a client by $transport that is killed", ({ shell, transport }) => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd(shell)
  }, 240_000)
  afterAll(() => sshd?.stop())

  test("comes back in another process: no line is lost, and none comes twice", async () => {
    const [file, enough] = [join(sshd.folder, "lines"), join(sshd.folder, "enough")]
    const pause = `[ $((i % 50)) = 0 ] && [ ! -e ${enough} ] && sleep 0.1`
    const command = `i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); echo "line $i"; ${pause}; done; exit 42`
    const args = [String(sshd.port), sshd.user, sshd.key, transport, "killed", file, command]
    const start = () => {
      const child = spawn(process.execPath, ["--conditions=anygpu-source", client, ...args])
      return { child, over: once(child, "close") }
    }
    const size = () => (existsSync(file) ? statSync(file).size : 0)
    for (let kills = 0; kills < 3; kills++) {
      const { child, over } = start()
      const before = size()
      await expect.poll(size, { timeout: 120_000 }).toBeGreaterThan(before)
      child.kill("SIGKILL")
      await over
    }
    writeFileSync(enough, "")
    const { child, over } = start()
    let answer = ""
    child.stdout.on("data", (chunk) => {
      answer += chunk
    })
    await over
    expect(JSON.parse(answer)).toMatchObject({ state: "exited", code: 42 })
    expect(readFileSync(file, "utf8")).toBe(Array.from({ length: 30_000 }, (_, i) => `line ${i + 1}\n`).join(""))
  }, 240_000)
})
