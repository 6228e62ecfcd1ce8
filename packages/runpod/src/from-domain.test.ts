import { type LaunchSpec, money, type Offer, splitMarker } from "@anygpu/core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { problem, publicKey, world } from "./cloud.test-support.ts"
import pod from "./fixtures/provisioning.json" with { type: "json" }
import { offerIdOf, partsOf } from "./offer-id.ts"

type RunpodOffer = Offer<"runpod", "container">
type Spec = LaunchSpec<"runpod", "container", "image" | "sshKeys" | "env" | "ports" | "command" | "diskMiB" | "volumes">

/** A Runpod that takes each create, and shows its pod under the name that it was sent. */
const renting = () => {
  const names: string[] = []
  const shown = () => ({ ...pod, name: names.at(-1) })
  return world({
    "POST /v2/pods": ({ body = "" }) => {
      names.push(String(JSON.parse(body).name))
      return { status: 201, json: shown() }
    },
    [`GET /v2/pods/${pod.id}`]: () => ({ json: shown() }),
    "GET /v2/catalog/cpus": {
      json: {
        cpus: [
          {
            id: "cpu3c",
            vcpu: { min: 2, max: 4 },
            ramGbPerVcpu: 2,
            price: { securePerVcpu: 0.04 },
            availability: "LOW"
          }
        ]
      }
    },
    "POST /graphql": problem(410, "gone")
  })
}

/** What a launch sends, on the first offer that fits. */
const created = async (
  spec: Omit<Spec, "offer" | "name">,
  pick: (offer: RunpodOffer) => boolean = ({ id }) => id === "NVIDIA_GeForce_RTX_4090@US-KS-2"
) => {
  const cloud = renting()
  const { items } = await cloud.run(cloud.containers.offers({ kind: "container", minVcpus: 0 }))
  const offer = items.find(pick)
  if (!offer) throw new Error("no such offer")
  await cloud.run(cloud.containers.launch({ image: "runpod/pytorch", ...spec, offer, name: "My Job" }))
  const [sent] = cloud.to("POST /v2/pods")
  return JSON.parse(sent?.body ?? "{}")
}

describe("a launch", () => {
  it("names type, number, cloud, place and disk, since no documented default is applied", async () => {
    const body = await created({})
    const { name, ...rest } = body
    expect(splitMarker(name)).toEqual({ name: "my-job", marker: expect.stringMatching(/^ag/) })
    expect(rest).toEqual({
      ...{ image: "runpod/pytorch", gpu: { id: "NVIDIA GeForce RTX 4090", count: 1 }, cloud: "SECURE" },
      ...{ dataCenterIds: ["US-KS-2"], disk: 20, ports: [], env: {} }
    })
  })

  it("hands its key to the pod and opens port 22; keys of the account are not touched", async () => {
    const body = await created({ sshKeys: [publicKey], env: { A: "1" }, ports: [{ port: 8888, protocol: "http" }] })
    expect(body).toMatchObject({ env: { A: "1", PUBLIC_KEY: publicKey }, ports: ["22/tcp", "8888/http"] })
  })

  it("mounts a volume in the folder of its name, and asks for whole GB", async () => {
    const body = await created({
      volumes: [{ name: "workspace", sizeMiB: 20_000 }],
      diskMiB: 40_960,
      command: ["a", "b"]
    })
    expect(body).toMatchObject({ mounts: { persistent: { size: 21, path: "/workspace" } }, disk: 43, cmd: ["a", "b"] })
  })

  it("of community hosts says so", async () => {
    expect(await created({}, ({ id }) => id.includes("+community"))).toMatchObject({ cloud: "COMMUNITY" })
  })

  it("of a CPU pod names its flavour and vCPUs", async () => {
    const body = await created({}, ({ gpu, vcpus }) => gpu === null && vcpus === 4)
    expect(body).toMatchObject({ cpu: { id: "cpu3c", vcpuCount: 4 }, cloud: "SECURE" })
    expect(body).not.toHaveProperty("gpu")
  })
})

describe("what cannot be done is refused before anything is sent", () => {
  const refused: ReadonlyArray<readonly [Omit<Spec, "offer" | "name">, path: string]> = [
    [{ ports: [{ port: 53, protocol: "udp" }] }, "ports[0]"],
    [{ ports: Array.from({ length: 11 }, (_, port) => ({ port: port + 1, protocol: "http" as const })) }, "ports"],
    [{ sshKeys: [publicKey, publicKey.replace("me@laptop", "x").replace("IPRy", "IPRz")] }, "sshKeys"],
    [{ sshKeys: [publicKey], env: { PUBLIC_KEY: "x" } }, "env.PUBLIC_KEY"],
    [{ volumes: [{ name: "a b", sizeMiB: 20_480 }] }, "volumes[0].name"],
    [{ volumes: [{ name: "a", sizeMiB: 1024 }] }, "volumes[0].sizeMiB"],
    [{ volumes: [{ name: "a", sizeMiB: 20_480, type: "NVMe" }] }, "volumes[0].type"],
    [
      {
        volumes: [
          { name: "a", sizeMiB: 20_480 },
          { name: "b", sizeMiB: 20_480 }
        ]
      },
      "volumes"
    ]
  ]
  it.each(refused)("%j", async (spec, path) => {
    const { run, fails, containers, to } = renting()
    const [offer] = (await run(containers.offers())).items
    if (!offer) throw new Error("no offer")
    const error = await fails(containers.launch({ image: "a", ...spec, offer, name: "x" }))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path }] })
    expect(to("POST /v2/pods")).toEqual([])
  })

  it("a volume that takes the price above the limit", async () => {
    const { run, fails, containers, to } = renting()
    const [offer] = (await run(containers.offers())).items
    if (!offer) throw new Error("no offer")
    const spec = { offer, name: "x", image: "a", volumes: [{ name: "data", sizeMiB: 1_024_000 }] }
    const error = await fails(containers.launch({ ...spec, maxPerHour: money("0.45") }))
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true })
    expect(to("POST /v2/pods")).toEqual([])
  })
})

describe("the id of an offer", () => {
  it("is short for one GPU of Secure Cloud", () => {
    const parts = { type: "NVIDIA GeForce RTX 4090", count: 1, market: "secure", place: "US-KS-2" } as const
    expect(offerIdOf(parts)).toBe("NVIDIA_GeForce_RTX_4090@US-KS-2")
  })

  it("says all of its parts, whatever letters they have", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" })
    const market = fc.constantFrom("secure", "community", "cpu")
    const place = fc.option(text, { nil: undefined })
    fc.assert(
      fc.property(fc.record({ type: text, count: fc.integer({ min: 1, max: 64 }), market, place }), (parts) => {
        const id = offerIdOf(parts)
        expect(id).not.toMatch(/\s/)
        expect(partsOf(id)).toEqual(parts)
      })
    )
  })

  it("of another form is null", () => {
    for (const id of ["", "@US-KS-2", "a+b@c", "a+2+spot@c", "%E0%A4%A"]) expect(partsOf(id)).toBeNull()
  })
})
