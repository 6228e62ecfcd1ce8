import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { connect } from "./index.ts"
import { type Sshd, startSshd, withoutSshd } from "./testing/sshd.ts"

describe.skipIf(withoutSshd)("keys", () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  }, 240_000)
  afterAll(() => sshd?.stop())

  test.each([
    ["ed25519", undefined],
    ["rsa", undefined],
    ["ecdsa", undefined],
    ["ed25519", "open sesame"],
    ["rsa", "open sesame"]
  ])("of %s with passphrase %s let in", async (type, passphrase) => {
    const key = sshd.addKey(type, passphrase)
    const ask = async () => passphrase ?? ""
    await using machine = await connect(sshd, { key, agent: false, ...(passphrase && { passphrase: ask }) })
    expect(await machine.exec("echo in")).toMatchObject({ stdout: "in\n" })
    await using byText = await connect(sshd, {
      key: readFileSync(key),
      agent: false,
      ...(passphrase && { passphrase: ask })
    })
    expect(await byText.exec("echo in")).toMatchObject({ stdout: "in\n" })
  })

  test.each([
    ["path", 'it\'s $a "pass"'],
    ["text", "open sesame"]
  ])("that are locked, given by %s, are opened for OpenSSH by asking", async (by, passphrase) => {
    const path = sshd.addKey("ed25519", passphrase)
    const asked: string[] = []
    const passphraseOf = (name: string) => {
      asked.push(name)
      return passphrase
    }
    const key = by === "path" ? path : readFileSync(path)
    const options = { key, agent: false, transport: "openssh" } as const
    await using machine = await connect(sshd, { ...options, passphrase: passphraseOf })
    const seen = await machine.exec("echo in; env")
    expect(seen.stdout).toMatch(/^in\n/)
    expect(seen.stdout).not.toContain(passphrase)
    expect(asked).toEqual([by === "path" ? path : "the key that was given"])
    const wrong = connect(sshd, { ...options, passphrase: () => "wrong" })
    await expect(wrong).rejects.toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "key" }] })
    await expect(connect(sshd, options)).rejects.toMatchObject({ _tag: "LoginRefused" })
  })

  test.each(["ssh2", "openssh"] as const)("that are not let in are named, by %s", async (transport) => {
    const stranger = join(sshd.folder, `stranger-${transport}`)
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", stranger])
    const error = await connect(sshd, { key: stranger, agent: false, transport }).catch((e) => e)
    expect(error).toMatchObject({ _tag: "LoginRefused", user: sshd.user, tried: [stranger] })
  })

  test("that cannot be read, are not keys, or are locked are refused before a connection", async () => {
    const none = join(sshd.folder, "none")
    writeFileSync(none, "hello")
    const locked = sshd.addKey("ecdsa", "x1y2z3")
    for (const key of [`${none}-missing`, none, locked]) {
      const error = await connect(sshd, { key, agent: false }).catch((e) => e)
      expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "key" }] })
    }
  })
})
