import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { publicKey, world } from "./cloud.test-support.ts"

const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG90aGVyMDEyMzQ1Njc4OWFiY2RlZkFCQ0RFRg== other@laptop"
const third = other.replace("IG90", "IG91").replace("other@laptop", "third@laptop")
const fingerprint = "SHA256:HeuDED0UMALaWSzUCyrrujiq8B8AotRldB9aFVVr8pQ"

/** An account with keys. */
const accountWith = (...first: string[]) => {
  let keys = first
  const routes = {
    "GET /v2/account/ssh-keys": () => ({ json: { keys } }),
    "PUT /v2/account/ssh-keys": ({ body = "" }: { readonly body?: string | undefined }) => {
      keys = JSON.parse(body).keys
      return { json: { keys } }
    }
  }
  return { ...world(routes), keys: () => keys }
}

describe("keys of the account, which Runpod replaces as a whole", () => {
  it("are known by their fingerprints", async () => {
    const { run, containers } = accountWith(publicKey)
    const { items } = await run(containers.sshKeys())
    expect(items).toMatchObject([{ id: fingerprint, name: "me@laptop", publicKey, fingerprint }])
  })

  it("stay when another one is added or removed, and one that is there is not added again", async () => {
    const { run, containers, keys, to } = accountWith(other)
    const added = await run(containers.addSshKey(publicKey, "my laptop"))
    expect(added).toMatchObject({ id: fingerprint, name: "my-laptop" })
    expect(keys()).toEqual([other, publicKey.replace("me@laptop", "my-laptop")])
    await run(containers.addSshKey(publicKey))
    expect(to("PUT /v2/account/ssh-keys")).toHaveLength(1)
    await run(containers.removeSshKey(fingerprint))
    expect(keys()).toEqual([other])
    await run(containers.removeSshKey(fingerprint))
    expect(to("PUT /v2/account/ssh-keys")).toHaveLength(2)
  })

  it("that are added at once are all there", async () => {
    const { run, containers, keys } = accountWith()
    const adds = [publicKey, other, third].map((key) => containers.addSshKey(key))
    await run(Effect.all(adds, { concurrency: "unbounded" }))
    expect(keys()).toHaveLength(3)
  })

  it("are not written where one cannot be read", async () => {
    const { fails, containers, to } = world({ "GET /v2/account/ssh-keys": { json: { keys: [publicKey, null] } } })
    expect(await fails(containers.removeSshKey(fingerprint))).toMatchObject({ _tag: "BadResponse" })
    expect(to("PUT /v2/account/ssh-keys")).toEqual([])
  })
})
