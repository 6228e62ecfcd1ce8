import { describe, expect, it } from "vitest"
import { publicKey, world } from "./cloud.test-support.ts"
import keys from "./fixtures/keys.json" with { type: "json" }

const [managed] = keys.ssh_keys
const secret = managed?.private_key ?? ""

describe("the private half of Shadeform's own key", () => {
  it("is not in what native shows", async () => {
    const { run, cloud } = world({
      "GET /v1/sshkeys": { json: keys },
      "GET /v1/sshkeys/a/info": { json: managed }
    })
    const shown = [await run(cloud.native.listSshKeys()), await run(cloud.native.getSshKey({ params: { id: "a" } }))]
    expect(JSON.stringify(shown)).toMatch(/Shadeform Managed Key.*Shadeform Managed Key/)
    expect(JSON.stringify(shown)).not.toContain(secret)
    expect(JSON.stringify(shown)).not.toContain("private_key")
  })

  const text = JSON.stringify(keys)
  const broken = [
    { json: { ssh_keys: managed } },
    { json: { ssh_keys: [{ ...managed, id: 7 }] } },
    { json: { keys } },
    { text: text.slice(0, -5) },
    { text: `${secret} ${text}` },
    { status: 500, json: managed },
    { status: 400, text },
    { status: 409, text: secret }
  ]
  it.each(broken)("is in no error, whatever the list is: case %#", async (answer) => {
    const { run, cloud, vms } = world({ "GET /v1/sshkeys": answer })
    const native = await run(cloud.native.listSshKeys()).catch((error: unknown) => error)
    const listed = await run(vms.sshKeys()).catch((error: unknown) => error)
    for (const one of [native, listed]) {
      expect(`${JSON.stringify(one)} ${String(one)} ${one instanceof Error ? one.message : ""}`).not.toContain(secret)
    }
  })
})

describe("a public key", () => {
  it("that is there is not added, whatever its comment is", async () => {
    const { run, vms, to } = world({ "GET /v1/sshkeys": { json: keys } })
    expect(await run(vms.addSshKey(publicKey))).toMatchObject({ id: "26bedfa2-1e98-4ff5-9342-a5b0987a2f0f" })
    expect(to("POST /v1/sshkeys/add")).toEqual([])
  })

  it("whose name another one has is added under a name of its own", async () => {
    const names: string[] = []
    const { run, vms } = world({
      "GET /v1/sshkeys": { json: { ssh_keys: [] } },
      "POST /v1/sshkeys/add": ({ body = "{}" }) => {
        names.push(JSON.parse(body).name)
        return names.length > 1 ? { json: { id: "k2" } } : { status: 400, json: { error: "name must be unique" } }
      }
    })
    expect(await run(vms.addSshKey(publicKey, "laptop"))).toMatchObject({ id: "k2" })
    expect(names).toEqual(["laptop", expect.stringMatching(/^laptop-[a-z0-9]{8}$/)])
  })

  it("that is gone already is removed", async () => {
    const { run, vms } = world({ "POST /v1/sshkeys/k/delete": { status: 404, json: { error: "key not found" } } })
    expect(await run(vms.removeSshKey("k"))).toBeUndefined()
  })
})
