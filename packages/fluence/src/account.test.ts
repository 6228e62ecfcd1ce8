import type { Reply } from "@anygpu/conformance"
import { money } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { cloudOf, publicKey } from "./cloud.test-support.ts"
import keys from "./fixtures/keys.json" with { type: "json" }

const added = keys.addedObject
const kinds = ["containers", "vms", "baremetal", "cpuVms"] as const

describe("the account's ssh keys", () => {
  it.each(kinds)("are listed for %s, whatever their timestamps", async (kind) => {
    const { cloud, run } = cloudOf({ "GET /ssh_keys": { json: [...keys.list, ...keys.addedList, added] } })
    const { items } = await run(cloud[kind].sshKeys())
    const { fingerprint, active, algorithm, comment } = added
    const one = { id: fingerprint, publicKey: added.public_key, fingerprint }
    const native = { active, algorithm, comment }
    expect(items).toEqual([
      {
        id: "SHA256:fingerprint",
        name: "name-ed25519",
        publicKey: "ssh-ed25519 key",
        fingerprint: "SHA256:fingerprint",
        native: {
          active: true,
          algorithm: "ssh-ed25519",
          comment: "comment",
          createdAt: "+002025-03-28T16:26:38.808750000Z"
        }
      },
      { ...one, name: "my-key", native: { ...native, createdAt: keys.addedList[0]?.createdAt } },
      { ...one, name: "first", native }
    ])
  })

  it.each<[string, Reply]>([
    ["as an object", { status: 201, json: added }],
    ["as a list of one", { status: 201, json: keys.addedList }],
    ["that is there already", { status: 200, json: added }],
    ["without its text", { status: 201, json: { ...added, public_key: null, name: null } }]
  ])("a new key is answered %s", async (_, reply) => {
    const { cloud, run, bodies } = cloudOf({ "POST /ssh_keys": reply })
    const key = await run(cloud.vms.addSshKey(` ${added.public_key}\n`, "my-key"))
    expect(bodies("POST /ssh_keys")).toEqual([{ name: "my-key", publicKey: added.public_key }])
    expect(key).toMatchObject({ id: added.fingerprint, fingerprint: added.fingerprint, publicKey: added.public_key })
  })

  it.each([
    [publicKey, "me-laptop"],
    [publicKey.replace(" me@laptop", ""), "machine"],
    [publicKey.replace("me@laptop", "A very long comment, about this key of mine"), "a-very-long-comment-about"]
  ])("a key without a name gets one that every generation late: %s", async (text, name) => {
    const { cloud, run, bodies } = cloudOf({ "POST /ssh_keys": { status: 201, json: added } })
    await run(cloud.containers.addSshKey(text))
    expect(bodies("POST /ssh_keys")).toEqual([{ name, publicKey: text }])
  })

  it("an answer without a fingerprint, or with two keys, is not understood", async () => {
    for (const json of [{ ...added, fingerprint: null }, [added, added], []]) {
      const { cloud, fails } = cloudOf({ "POST /ssh_keys": { status: 201, json } })
      expect((await fails(cloud.vms.addSshKey(publicKey)))._tag).toBe("BadResponse")
    }
  })

  it.each<[string, unknown, unknown]>([
    ["one entry is the balance", [{ balance: "100.50", userId: "u" }], money("100.5")],
    ["none is not read as zero", [], "BadResponse"],
    ["of several none is chosen", [{ balance: "1" }, { balance: "2" }], "BadResponse"],
    ["what is no decimal text is not read", [{ balance: "1e3" }], "BadResponse"]
  ])("their money: %s", async (_, json, expected) => {
    const { cloud, run, fails } = cloudOf({ "GET /v2/users/balances": { json } })
    if (expected === "BadResponse") return expect(await fails(cloud.vms.balance())).toMatchObject({ _tag: expected })
    expect(await run(cloud.vms.balance())).toMatchObject({ available: expected })
  })

  it("are removed by fingerprint in the body, and one that is gone is success", async () => {
    for (const reply of [{ status: 200 }, { status: 404, json: { error: "SshKey not found" } }]) {
      const { cloud, run, bodies } = cloudOf({ "DELETE /ssh_keys": reply })
      await run(cloud.baremetal.removeSshKey(added.fingerprint))
      expect(bodies("DELETE /ssh_keys")).toEqual([keys.removeRequest])
    }
  })

  it("a 404 that is not Fluence's does not count as removed", async () => {
    const { cloud, fails } = cloudOf({ "DELETE /ssh_keys": { status: 404, text: "<html></html>" } })
    expect((await fails(cloud.vms.removeSshKey("SHA256:x")))._tag).toBe("BadResponse")
  })
})
