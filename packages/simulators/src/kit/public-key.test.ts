import { expect, it } from "vitest"
import { publicKeyIn } from "./public-key.ts"

it("reads the published keys of GitHub, with their published fingerprints", () => {
  const ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
  expect(publicKeyIn(` ${ed25519}  me @laptop\n`)).toEqual({
    ...{ text: ed25519, type: "ssh-ed25519", comment: "me @laptop" },
    fingerprint: "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
  })
  const ecdsa =
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg="
  expect(publicKeyIn(ecdsa)).toMatchObject({
    ...{ comment: "", fingerprint: "SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM" }
  })
})

it.each(["", "nonsense", "ssh-ed25519", "ssh-ed25519 ???", "-----BEGIN OPENSSH PRIVATE KEY-----"])(
  "takes %j for no key",
  (line) => expect(publicKeyIn(line)).toBeUndefined()
)
