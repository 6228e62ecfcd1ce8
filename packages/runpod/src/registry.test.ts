import { describe, expect, it } from "vitest"
import { publicKey, world } from "./cloud.test-support.ts"
import pod from "./fixtures/provisioning.json" with { type: "json" }

const login = { host: "ghcr.io", username: "team", password: "ghp_4711_secret_of_the_team" }

/** An account that keeps logins, and rents. */
const account = () => {
  const registries: Array<{ readonly id: string; readonly name: string }> = []
  const names: string[] = []
  const cloud = world({
    "GET /v2/registries": () => ({ json: { registries } }),
    "POST /v2/registries": ({ body = "" }) => {
      const made = { id: `r${registries.length + 1}`, name: String(JSON.parse(body).name) }
      registries.push(made)
      return { status: 201, json: made }
    },
    "POST /v2/pods": ({ body = "" }) => {
      names.push(String(JSON.parse(body).name))
      return { status: 201, json: { ...pod, id: `pod${names.length}`, name: names.at(-1) } }
    },
    "*": ({ url }) => ({ json: { ...pod, id: url.split("/").at(-1), name: names.at(-1) } }),
    "POST /graphql": { status: 410 }
  })
  const spec = async (registry: typeof login, image = "ghcr.io/team/trainer:7") => {
    const [offer] = (await cloud.run(cloud.containers.offers({ gpu: "RTX 4090" }))).items
    if (!offer) throw new Error("no offer")
    return { offer, name: "job", image, registry, sshKeys: [publicKey] }
  }
  const launch = async (...given: Parameters<typeof spec>) => {
    await cloud.run(cloud.containers.launch(await spec(...given)))
    return cloud.to("POST /v2/pods").at(-1)?.json
  }
  return { ...cloud, registries, spec, launch }
}

describe("a login to a registry", () => {
  it("is put on the account, and the pod takes its id", async () => {
    const { launch, to, registries } = account()
    expect(await launch(login)).toMatchObject({ registry: "r1", image: "ghcr.io/team/trainer:7" })
    expect(to("POST /v2/registries").map(({ json }) => json)).toEqual([
      { name: registries[0]?.name, username: "team", password: login.password }
    ])
    expect(registries[0]?.name).toMatch(/^anygpu team@ghcr\.io [0-9a-f]{12}$/)
  })

  it("is made once, and again for another password", async () => {
    const { launch, to } = account()
    await launch(login)
    expect(await launch(login)).toMatchObject({ registry: "r1" })
    expect(await launch({ ...login, password: "ghp_4712" })).toMatchObject({ registry: "r2" })
    expect(to("POST /v2/registries")).toHaveLength(2)
  })

  it.each([
    ["docker.io", "team/trainer"],
    ["https://index.docker.io/v1/", "docker.io/team/trainer"]
  ])("of Docker's registry is known as %s", async (host, image) => {
    const { launch } = account()
    expect(await launch({ ...login, host }, image)).toMatchObject({ registry: "r1" })
  })

  it("goes to no other registry than its own", async () => {
    const { fails, containers, spec, to } = account()
    const error = await fails(containers.launch(await spec(login, "team/trainer")))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "registry.host" }] })
    expect(error.message).not.toContain(login.password)
    expect([to("POST /v2/registries"), to("POST /v2/pods")]).toEqual([[], []])
  })
})
