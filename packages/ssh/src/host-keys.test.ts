import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { fileKnownHosts, fingerprintOf } from "./host-keys.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anygpu-hosts-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdefghijklmnopqrst"

describe("host keys in a file", () => {
  test("are there for the next process, by name, and for nobody else to read", async () => {
    const path = join(folder, "below", "known_hosts")
    const first = fileKnownHosts(path)
    expect(await first.get("a")).toBeNull()
    await Promise.all([
      first.remember("a", key),
      first.remember("b", "ssh-rsa AAAA"),
      first.remember("a", "ssh-rsa BBBB")
    ])
    const second = fileKnownHosts(path)
    expect([await second.get("a"), await second.get("b")]).toEqual(["ssh-rsa BBBB", "ssh-rsa AAAA"])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await second.forget("a")
    expect([await first.get("a"), await first.get("b")]).toEqual([null, "ssh-rsa AAAA"])
  })

  test("stand beside lines of others, which stay", async () => {
    const path = join(folder, "known_hosts")
    writeFileSync(path, `# mine\n@cert-authority * x\nhost ${key} comment\n`)
    const hosts = fileKnownHosts(path)
    expect(await hosts.get("host")).toBe(key)
    await hosts.remember("other", key)
    expect(readFileSync(path, "utf8")).toBe(`# mine\n@cert-authority * x\nhost ${key} comment\nother ${key}\n`)
  })

  test("that cannot be read are no keys that are not there", async () => {
    await expect(fileKnownHosts(folder).get("a")).rejects.toThrow("EISDIR")
  })
})

test("a fingerprint is as OpenSSH writes it", () => {
  expect(fingerprintOf(key)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
})
