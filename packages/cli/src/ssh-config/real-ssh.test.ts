import { execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { sshMachine, withoutSshd } from "../testing/machine.ts"
import { linesOf, updated } from "./stanzas.ts"

/** Whether rsync is here; in CI it has to be. */
const withoutRsync = !process.env.CI && spawnSync("rsync", ["--version"]).status !== 0

test.skipIf(withoutSshd)(
  "the real ssh and rsync reach a machine by its name, and refuse another host key",
  {
    timeout: 240_000
  },
  async () => {
    await using machine = await sshMachine()
    await using other = await sshMachine()
    const folder = mkdtempSync(join(tmpdir(), "anygpu-ssh config-"))
    const [config, knownHosts] = [join(folder, "config"), join(folder, "known hosts")]
    const write = ({ ssh }: typeof machine) => {
      const { host = "", port = 0, user = "", key } = ssh ?? {}
      const entry = {
        ref: "vast/container/1",
        aliases: ["trainer", "anygpu-1"],
        host,
        port,
        user,
        hostKeyAlias: "anygpu-1"
      }
      const wanted = [{ entry, identity: String(key) }]
      const stanzas = updated([], { wanted, isGone: () => false, keepsKeys: false, knownHosts, taken: [] })
      writeFileSync(config, linesOf(stanzas).join("\n"), { mode: 0o600 })
    }
    const ssh = (...words: ReadonlyArray<string>) => {
      const { status, stdout, stderr } = spawnSync("ssh", ["-F", config, "-o", "BatchMode=yes", ...words], {
        encoding: "utf8"
      })
      return { status, stdout, stderr }
    }
    try {
      write(machine)
      expect(ssh("trainer", "echo hello")).toMatchObject({ status: 0, stdout: "hello\n" })
      expect(readFileSync(knownHosts, "utf8")).toMatch(/^anygpu-1 ssh-ed25519 AAAA/)
      if (!withoutRsync) {
        mkdirSync(join(folder, "from"))
        writeFileSync(join(folder, "from/a"), "a")
        const remote = `trainer:${machine.folder}/to/`
        execFileSync("rsync", ["-a", "-e", `ssh -F '${config}' -o BatchMode=yes`, `${folder}/from/`, remote])
        expect(readFileSync(join(machine.folder, "to/a"), "utf8")).toBe("a")
      }
      write(other)
      const changed = ssh("trainer", "echo hello")
      expect(changed).toMatchObject({
        status: 255,
        stdout: "",
        stderr: expect.stringContaining("HOST IDENTIFICATION HAS CHANGED")
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
)
