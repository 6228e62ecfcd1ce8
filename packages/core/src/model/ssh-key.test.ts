import { describe, expect, test } from "vitest"
import { sshKeyIdentity, sshKeyProblem } from "./ssh-key.ts"

const body = "AAAAC3NzaC1lZDI1NTE5AAAAIGk4bKx0xkQe0m6q0b0hK1dC2s9m3k7k1y0m1n2o3p4q"

describe("sshKeyProblem", () => {
  test.each([
    `ssh-ed25519 ${body} me@host`,
    `ssh-rsa ${body}==`,
    `ecdsa-sha2-nistp256 ${body}=`,
    `ecdsa-sha2-nistp384 ${body}`,
    `ecdsa-sha2-nistp521 ${body} a comment of words`,
    `sk-ssh-ed25519@openssh.com ${body}`,
    `sk-ecdsa-sha2-nistp256@openssh.com ${body}`,
    `  ssh-ed25519\t${body} me\n`
  ])("%s is a key", (text) => {
    expect(sshKeyProblem(text)).toBeNull()
  })

  test.each([
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----", /private key/],
    ["-----BEGIN RSA PRIVATE KEY-----", /\.pub/],
    ["", /starts with/],
    [body, /starts with/],
    [`ssh-dss ${body}`, /starts with/],
    ["ssh-ed25519", /base64/],
    [`ssh-ed25519 ${"A".repeat(20_000)}`, /at most 16384 characters/],
    ["ssh-ed25519 not*base64*at*all*", /base64/],
    [`ssh-ed25519 ${body} a\nssh-ed25519 ${body} b`, /one key per text/],
    [`ssh-ed25519 ${body}\r\nssh-rsa ${body}`, /one key per text/],
    ["~/.ssh/id_ed25519.pub", /starts with/]
  ])("%j is not a public key", (text, problem) => {
    expect(sshKeyProblem(text)).toMatch(problem)
  })

  test("never repeats what it was given", () => {
    const secret = "SECRETSECRETSECRET"
    for (const text of [`PRIVATE KEY ${secret}`, secret, `ssh-ed25519 ${secret}!`]) {
      expect(sshKeyProblem(text)).not.toContain(secret)
    }
  })
})

test("two keys are the same whatever their comments and gaps", () => {
  expect(sshKeyIdentity(` ssh-ed25519   ${body} me@laptop\n`)).toBe(sshKeyIdentity(`ssh-ed25519 ${body}`))
  expect(sshKeyIdentity(`ssh-rsa ${body}`)).not.toBe(sshKeyIdentity(`ssh-ed25519 ${body}`))
})
