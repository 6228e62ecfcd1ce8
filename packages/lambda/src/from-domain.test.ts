import type { LaunchSpec } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { publicKey, refusal, world } from "./cloud.test-support.ts"
import images from "./fixtures/images.json" with { type: "json" }
import restarted from "./fixtures/restarted.json" with { type: "json" }

type Spec = Omit<LaunchSpec<"lambda", "vm", "os" | "sshKeys" | "onStart">, "offer" | "name">

const id = "0920582c7ff041399e34823a0be62549"
const [row] = restarted.data.restarted_instances
const other = publicKey.replace("AAAAIC", "AAAAID").replace("noname", "laptop")

type Request = { readonly body?: string | undefined }

/** A Lambda that launches, and registers keys. Its machine has the tags of its launch, and another name. */
const renting = (
  launched: { readonly status?: number; readonly json: unknown } = { json: { data: { instance_ids: [id] } } }
) => {
  let tags: unknown = []
  const made = world({
    "POST /instance-operations/launch": ({ body = "" }: Request) => {
      tags = JSON.parse(body).tags
      return launched
    },
    [`GET /instances/${id}`]: () => ({ json: { data: { ...row, tags } } }),
    "GET /instances": () => ({ json: { data: [{ ...row, tags }] } }),
    "GET /images": { json: images },
    "POST /ssh-keys": ({ body = "" }: Request) => ({ json: { data: { id: "k2", ...JSON.parse(body) } } })
  })
  const launch = async (spec: Spec = {}, offerId = "gpu_1x_a10@us-west-1") => {
    const offer = (await made.run(made.vms.offers())).items.find((one) => one.id === offerId)
    if (!offer) throw new Error("no offer")
    return made.vms.launch({ name: "My Träining", offer, sshKeys: [publicKey], ...spec })
  }
  const created = async (spec?: Spec) => {
    await made.run(await launch(spec))
    const [request] = made.to("POST /instance-operations/launch")
    return JSON.parse(request?.body ?? "{}")
  }
  return { ...made, launch, created }
}

describe("a launch", () => {
  it("names type, region and key, and has its marker in a tag and in the name", async () => {
    const { created, to } = renting()
    const body = await created()
    const marker = body.tags[0].value
    expect(marker).toMatch(/^ag[0-9a-z]{10}$/)
    expect(body).toEqual({
      ...{ region_name: "us-west-1", instance_type_name: "gpu_1x_a10", ssh_key_names: ["my-public-key"] },
      ...{ name: `My Träining-${marker}`, tags: [{ key: "anygpu", value: marker }] }
    })
    expect(to("POST /ssh-keys")).toEqual([])
  })

  it("registers a key that the account lacks, under a name that no key has", async () => {
    const { created, to } = renting()
    expect(await created({ sshKeys: [other] })).toMatchObject({ ssh_key_names: ["laptop"] })
    expect(JSON.parse(to("POST /ssh-keys")[0]?.body ?? "")).toEqual({ name: "laptop", public_key: other })
    const again = renting()
    const same = other.replace("laptop", "my-public-key")
    expect(await again.created({ sshKeys: [same] })).toMatchObject({ ssh_key_names: ["my-public-key-2"] })
  })

  it("runs a script at the first boot", async () => {
    expect(await renting().created({ onStart: "apt-get update" })).toMatchObject({
      user_data: "#!/bin/sh\napt-get update"
    })
    expect(await renting().created({ onStart: "#!/bin/bash\nls" })).toMatchObject({ user_data: "#!/bin/bash\nls" })
  })

  it("takes the newest image of a family, or one by its id", async () => {
    expect(await renting().created({ os: "Ubuntu-LTS" })).toMatchObject({ image: { family: "ubuntu-lts" } })
    const image = { id: "43336648-096d-4cba-9aa2-f9bb7727639d" }
    expect(await renting().created({ os: image.id })).toMatchObject({ image })
    expect(await renting().created({ os: "ubuntu-24.04.01" })).toMatchObject({ image })
  })
})

describe("what cannot be done is refused before anything is rented", () => {
  const refused: ReadonlyArray<readonly [Spec, path: string, words: RegExp]> = [
    [{ sshKeys: [] }, "sshKeys", /is required/],
    [{ sshKeys: [publicKey, other] }, "sshKeys", /are 2.*exactly one at a launch/],
    [{ onStart: "x".repeat(1_000_001) }, "onStart", /1 MB/],
    [{ os: "windows" }, "os", /no image of Lambda: us-west-1 has ubuntu-lts/]
  ]
  it.each(refused)("%j", async (spec, path, words) => {
    const { fails, launch, to } = renting()
    const error = await fails(await launch(spec))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path }] })
    expect(error.message).toMatch(words)
    expect(to("POST /instance-operations/launch")).toEqual([])
  })

  it("an image that another region has", async () => {
    const { fails, launch } = renting()
    const error = await fails(await launch({ os: "ubuntu-lts" }, "gpu_1x_a10@us-east-1"))
    expect(error.message).toContain('"ubuntu-lts" is not in us-east-1, but in us-west-1')
    expect(error.reach).toBe("here")
  })

  it("an offer that names no region", async () => {
    const { run, fails, vms, sent } = renting()
    const [offer] = (await run(vms.offers())).items
    if (!offer) throw new Error("no offer")
    const unplaced = { ...offer, id: "gpu_1x_a10" }
    const error = await fails(vms.launch({ offer: unplaced, name: "x", sshKeys: [publicKey] }))
    expect(error).toMatchObject({ issues: [{ path: "offer" }] })
    expect(sent).toHaveLength(1)
  })
})

describe("an ambiguous launch", () => {
  it("is settled by the list: by the tag, whatever the name is there", async () => {
    const { run, launch, to } = renting(refusal(500, "global/unknown"))
    const machine = await run(await launch())
    const [request] = to("POST /instance-operations/launch")
    expect(machine).toMatchObject({
      ref: { id },
      name: "My Instance",
      marker: JSON.parse(request?.body ?? "").tags[0].value
    })
    expect(to("POST /instance-operations/launch")).toHaveLength(1)
  })
})
