import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { connect } from "../index.ts"
import { type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"
import { identities } from "./identities.ts"

describe.skipIf(withoutSshd)("keys of an agent and of a home folder", () => {
  let sshd: Sshd
  let agent: ChildProcess
  let socket = ""
  let locked = ""
  const publicKey = (path: string): string => readFileSync(`${path}.pub`, "utf8")
  beforeAll(async () => {
    sshd = await startSshd()
    socket = join(sshd.folder, "agent")
    agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" })
    while (!existsSync(socket)) await new Promise((done) => setTimeout(done, 20))
    locked = sshd.addKey("ed25519", "open sesame")
    const ask = join(sshd.folder, "ask")
    writeFileSync(ask, "#!/bin/sh\necho 'open sesame'\n", { mode: 0o700 })
    const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: "force" }
    execFileSync("ssh-add", [locked], { env, stdio: "ignore" })
    // More strangers than the machine takes tries.
    for (let index = 0; index < 8; index++) {
      const stranger = join(sshd.folder, `stranger-${index}`)
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", stranger])
      execFileSync("ssh-add", [stranger], { env, stdio: "ignore" })
    }
  }, 240_000)
  afterAll(async () => {
    agent?.kill()
    await sshd?.stop()
  })

  test("let in, also for a locked key that nobody is asked about", async () => {
    await using byKey = await connect(sshd, { key: locked, agent: socket })
    expect(await byKey.exec("echo in")).toMatchObject({ stdout: "in\n" })
    await using first = await connect(sshd, { agent: socket, publicKeys: [publicKey(locked)] })
    expect(await first.exec("echo in")).toMatchObject({ stdout: "in\n" })
  })

  test("are tried once each, those wanted alone, the agent's first", async () => {
    const home = join(sshd.folder, "home")
    mkdirSync(join(home, ".ssh"), { recursive: true })
    const own = sshd.addKey("ecdsa")
    for (const [from, to] of [
      [own, "id_ecdsa"],
      [locked, "id_ed25519"]
    ] as const) {
      for (const end of ["", ".pub"]) renameSync(`${from}${end}`, join(home, ".ssh", `${to}${end}`))
    }
    writeFileSync(join(home, ".ssh", "config"), "Host *\n")
    const names = async (options: Parameters<typeof identities>[0]) =>
      (await identities(options, home)).map(({ name }) => name)
    const [ecdsa, ed25519] = ["id_ecdsa", "id_ed25519"].map((file) => join(home, ".ssh", file))
    expect(await names({ agent: false })).toEqual([ecdsa])
    expect(await names({ agent: false, passphrase: () => "x" })).toEqual([ed25519, ecdsa])
    expect(await names({ agent: socket, passphrase: () => "x" })).toHaveLength(10)
    expect(await names({ agent: false, passphrase: () => "x", likelyKeys: [publicKey(ecdsa ?? "")] })).toEqual([
      ecdsa,
      ed25519
    ])
    const byAgent = await names({ agent: socket, likelyKeys: [publicKey(ecdsa ?? "")] })
    expect([byAgent.length, byAgent[0]]).toEqual([10, ecdsa])
    const wanted = [publicKey(join(home, ".ssh", "id_ecdsa"))]
    expect(await names({ agent: socket, publicKeys: wanted })).toEqual([ecdsa])
    expect(await names({ agent: socket, publicKeys: [publicKey(join(home, ".ssh", "id_ed25519"))] })).toEqual([
      expect.stringMatching(/^ssh-ed25519 .*\(agent\)$/)
    ])
  })
})
