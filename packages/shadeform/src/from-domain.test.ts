import { InstanceRef, type LaunchSpec, money, splitMarker } from "@anygpu/core"
import * as fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { publicKey, world } from "./cloud.test-support.ts"
import active from "./fixtures/active.json" with { type: "json" }
import keys from "./fixtures/keys.json" with { type: "json" }
import type { launchOptions } from "./from-domain.ts"
import { offerIdOf, partsOf } from "./offer-id.ts"

type Spec = Omit<LaunchSpec<"shadeform", "vm", (typeof launchOptions)[number]>, "offer" | "name">

/** A Shadeform that takes each create, and shows its machine under the name and the tags that it was sent. */
const renting = () => {
  const bodies: { readonly name: string; readonly tags: ReadonlyArray<string> }[] = []
  return world({
    "GET /v1/sshkeys": { json: keys },
    "POST /v1/instances/create": ({ body = "" }) => {
      bodies.push(JSON.parse(body))
      return { json: { id: active.id } }
    },
    [`GET /v1/instances/${active.id}/info`]: () => ({ json: { ...active, ...bodies.at(-1) } })
  })
}

const offerOf = async ({ run, vms }: ReturnType<typeof renting>, interruptible = false) => {
  const [offer] = (await run(vms.offers({ interruptible }))).items
  if (!offer) throw new Error("no offer")
  return offer
}

/** What a launch sends. */
const created = async (spec: Spec, { name = "My Job", interruptible = false } = {}) => {
  const cloud = renting()
  const offer = await offerOf(cloud, interruptible)
  await cloud.run(cloud.vms.launch({ sshKeys: [publicKey], ...spec, offer, name }))
  return JSON.parse(cloud.to("POST /v1/instances/create")[0]?.body ?? "{}")
}

describe("a launch", () => {
  it("names cloud, type, region and key, and has its marker in name and tags", async () => {
    const { name, tags, ...rest } = await created({})
    const { marker, name: plain } = splitMarker(name)
    expect(plain).toBe("my-job")
    expect(tags).toEqual(["anygpu", `anygpu:${marker}`, "anygpu-kind:vm"])
    expect(rest).toEqual({
      ...{ cloud: "massedcompute", region: "kansascity-usa-1", shade_instance_type: "A6000", shade_cloud: true },
      ...{ rental_type: "on_demand", ssh_key_id: "26bedfa2-1e98-4ff5-9342-a5b0987a2f0f" }
    })
  })

  it("of a spot offer says so, and a name begins with a letter", async () => {
    const body = await created({}, { name: "70B run", interruptible: true })
    expect(body).toMatchObject({ rental_type: "spot", name: expect.stringMatching(/^m-70b-run-ag[0-9a-z]{10}$/) })
  })

  it("of an image is a docker configuration", async () => {
    const registry = { host: "ghcr.io", username: "me", password: "correct-horse" }
    const spec = { image: "ghcr.io/me/vllm:1", env: { A: "1" }, ports: [{ port: 8000 }], command: ["--model", "me/x"] }
    const { launch_configuration, envs } = await created({ ...spec, registry, os: "ubuntu22.04_cuda12.6_shade_os" })
    expect(envs).toBeUndefined()
    expect(launch_configuration).toEqual({
      type: "docker",
      docker_configuration: {
        ...{ image: "ghcr.io/me/vllm:1", args: "--model me/x", envs: [{ name: "A", value: "1" }] },
        port_mappings: [{ host_port: 8000, container_port: 8000 }],
        registry_credentials: { username: "me", password: "correct-horse" }
      }
    })
  })

  it("of a script is one, in bash unless it says another interpreter", async () => {
    const scriptOf = async (onStart: string) =>
      atob((await created({ onStart })).launch_configuration.script_configuration.base64_script)
    expect(await scriptOf("echo hi")).toBe("#!/bin/bash\necho hi")
    expect(await scriptOf("#!/bin/sh\necho hi")).toBe("#!/bin/sh\necho hi")
    expect(await created({ env: { A: "1" } })).toMatchObject({ envs: [{ name: "A", value: "1" }] })
  })
})

describe("what cannot be done is refused before anything is sent", () => {
  const other = publicKey.replace("IPRy", "IPRz")
  const image = "me/a"
  const refused: ReadonlyArray<readonly [Spec, path: string]> = [
    [{ sshKeys: [publicKey, other] }, "sshKeys"],
    [{ sshKeys: [] }, "sshKeys"],
    [{ os: "windows" }, "os"],
    [{ ports: [{ port: 8000 }] }, "ports"],
    [{ command: ["a"] }, "command"],
    [{ registry: { host: "docker.io", username: "a", password: "b" } }, "registry"],
    [{ image, onStart: "echo" }, "onStart"],
    [{ image, ports: [{ port: 22 }] }, "ports[0]"],
    [{ image, ports: [{ port: 53, protocol: "udp" }] }, "ports[0]"],
    [{ image, command: ["--prompt", "two words"] }, "command[1]"],
    [{ image, command: ["$HOME"] }, "command[0]"],
    [{ image, registry: { host: "ghcr.io", username: "a", password: "b" } }, "registry.host"]
  ]
  it.each(refused)("%j", async (spec, path) => {
    const cloud = renting()
    const offer = await offerOf(cloud)
    const error = await cloud.fails(cloud.vms.launch({ sshKeys: [publicKey], ...spec, offer, name: "x" }))
    expect(error).toMatchObject({ _tag: "InvalidRequest" })
    expect(error._tag === "InvalidRequest" && error.issues.map((issue) => issue.path)).toContain(path)
    expect(cloud.to("POST /v1/instances/create")).toEqual([])
  })
})

describe("the id of an offer", () => {
  it("says all of its parts, whatever letters they have", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" }).filter((one) => one.isWellFormed())
    fc.assert(
      fc.property(text, text, text, fc.boolean(), (cloud, type, region, isSpot) => {
        const id = offerIdOf({ cloud, type, region, isSpot })
        expect(id).toMatch(/^[^\s/]+$/)
        expect(partsOf(id)).toEqual({ cloud, type, region, isSpot })
      })
    )
  })

  it.each(["", "a@b", "a+b", "a+b+c@d", "a+b@c@d", "%E0%A4%A+b@c"])("%j is none", (id) => {
    expect(partsOf(id)).toBeNull()
  })
})

test("an offer of one kind compiles for that kind alone", async () => {
  const cloud = renting()
  const offer = await offerOf(cloud)
  // @ts-expect-error: the offer is a VM's
  const error = await cloud.fails(cloud.cloud.kinds.baremetal.launch({ offer, name: "x", sshKeys: [publicKey] }))
  expect(error).toMatchObject({ _tag: "InvalidRequest" })
})

describe("an end of its own", () => {
  it("is part of the create of a launch for a time, in seconds", async () => {
    const cloud = renting()
    const offer = await offerOf(cloud)
    const from = cloud.clock.now()
    await cloud.run(cloud.vms.launch({ offer, name: "x", sshKeys: [publicKey], ttl: "1 hour" }))
    const { auto_delete } = JSON.parse(cloud.to("POST /v1/instances/create")[0]?.body ?? "{}")
    expect(auto_delete.date_threshold).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const after = Date.parse(auto_delete.date_threshold) - from - 3_600_000
    expect(after).toBeGreaterThanOrEqual(300_000)
    expect(after).toBeLessThan(302_000)
  })

  it("is sent with both thresholds, and removed by null", async () => {
    const route = `POST /v1/instances/${active.id}/update`
    let ends: unknown
    const cloud = world({
      [route]: ({ body = "{}" }) => {
        ends = JSON.parse(body).auto_delete
        return { text: "" }
      },
      [`GET /v1/instances/${active.id}/info`]: () => ({
        json: { ...active, ...(ends !== null && { auto_delete: ends }) }
      })
    })
    const ref = new InstanceRef("shadeform", "vm", active.id)
    const at = new Date("2100-01-02T03:04:05.678Z")
    const set = await cloud.run(cloud.vms.scheduleEnd(ref, { at, spent: money("26.4") }))
    expect(ends).toEqual({ date_threshold: "2100-01-02T03:04:05Z", spend_threshold: "26.40" })
    expect(set.endsWhenSpent).toEqual(money("26.40"))
    await cloud.run(cloud.vms.scheduleEnd(ref, null))
    expect(ends).toBeNull()
    for (const spent of [money("1.005"), { ...money(1), currency: "USDC" as const }, money(0)]) {
      expect(await cloud.fails(cloud.vms.scheduleEnd(ref, { at, spent }))).toMatchObject({ _tag: "InvalidRequest" })
    }
    expect(cloud.to(route)).toHaveLength(2)
  })
})
