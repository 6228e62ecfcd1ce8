import { InstanceRef, type WorkloadUpdate } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { publicKey, world } from "./cloud.test-support.ts"
import exited from "./fixtures/exited.json" with { type: "json" }
import pods from "./fixtures/pods.json" with { type: "json" }

const ref = new InstanceRef("runpod", "container", exited.id)
const stopped = { ...exited, env: { PUBLIC_KEY: publicKey, MODEL: "a" }, ports: ["22/tcp", "8888/http"] }

/** What a change of a stopped pod sends. */
const sent = async (changes: WorkloadUpdate, native: object = stopped) => {
  const { run, containers, to } = world({
    [`GET /v2/pods/${exited.id}`]: { json: native },
    [`PATCH /v2/pods/${exited.id}`]: { json: native }
  })
  await run(containers.update(ref, changes))
  return to(`PATCH /v2/pods/${exited.id}`).map(({ json }) => json)
}

describe("a change of a stopped pod", () => {
  it("sends what is given and nothing else", async () => {
    expect(await sent({ image: "ghcr.io/team/x:2", command: ["run"] })).toEqual([
      { image: "ghcr.io/team/x:2", cmd: ["run"] }
    ])
  })

  it("keeps the key by which its owner logs in, which Runpod keeps among the variables", async () => {
    expect(await sent({ env: { MODEL: "b" } })).toEqual([{ env: { PUBLIC_KEY: publicKey, MODEL: "b" } }])
  })

  it("keeps the port of logging in, unless its end is asked for", async () => {
    expect(await sent({ ports: [{ port: 80, protocol: "http" }] })).toEqual([{ ports: ["22/tcp", "80/http"] }])
    expect(await sent({ ports: [{ port: 80 }], closePorts: [22] })).toEqual([{ ports: ["80/tcp"] }])
    expect(await sent({ closePorts: [22] })).toEqual([{ ports: ["8888/http"] }])
  })

  it("takes a login away where null says so", async () => {
    expect(await sent({ registry: null })).toEqual([{ registry: null }])
  })

  it("is refused for what Runpod has not", async () => {
    await expect(sent({ ports: [{ port: 80, protocol: "udp" }] })).rejects.toThrow("Runpod has no UDP")
    await expect(sent({ image: "a/b", registry: { host: "ghcr.io", username: "u", password: "p" } })).rejects.toThrow(
      "registry.host"
    )
  })
})

it("a running pod is not changed: a change resets it", async () => {
  const [running] = pods.pods
  const { fails, containers, to } = world({ [`GET /v2/pods/${running?.id}`]: { json: running } })
  const error = await fails(containers.update(new InstanceRef("runpod", "container", String(running?.id)), { env: {} }))
  expect(error).toMatchObject({ _tag: "IllegalAction" })
  expect(to(`PATCH /v2/pods/${running?.id}`)).toEqual([])
})
