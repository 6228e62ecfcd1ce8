import type { Route } from "@anygpu/conformance"
import { type GpuError, InstanceRef } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { changing, cloudOf, id, publicKey } from "../cloud.test-support.ts"
import type { Fluence } from "../index.ts"
import instances from "./fixtures/instances.json" with { type: "json" }
import plans from "./fixtures/plans.json" with { type: "json" }
import requests from "./fixtures/requests.json" with { type: "json" }

const one = `/gpu/instances/${id}`
const image = "docker.io/fluencelabs/debian-ssh-root:11"
const container = new InstanceRef("fluence", "container", id)

const containerRow = (more: object = {}) => ({ ...instances.activeContainer, id, ...more })

/** A cloud with one container on it, in a status that a test sets. */
const holding = (first: string, more: Readonly<Record<string, Route>> = {}) => {
  const status = changing(first)
  const world = cloudOf({
    [`GET ${one}`]: () => ({ json: containerRow({ instance_status: status.now() }) }),
    [`DELETE ${one}`]: () => {
      if (status.now() !== "ACTIVE") return { status: 400, json: { detail: "Instance is not active" } }
      status.set("ENDED")
      return { status: 204 }
    },
    [`PUT ${one}`]: { status: 204 },
    ...more
  })
  return { ...world, status, containers: world.cloud.containers }
}

describe("terminate", () => {
  it("waits until the machine can be ended, and sees it ended", async () => {
    const reads = changing(0)
    const { containers, run, status, routes } = holding("INITIALIZED", {
      [`GET ${one}`]: () => {
        reads.set(reads.now() + 1)
        if (reads.now() === 3) status.set("ACTIVE")
        return { json: containerRow({ instance_status: status.now() }) }
      }
    })
    const { alreadyGone } = await run(containers.terminate(container))
    expect(alreadyGone).toBe(false)
    expect(status.now()).toBe("ENDED")
    expect(routes().filter((route) => route === `DELETE ${one}`)).toHaveLength(4)
    expect(await run(containers.get(container))).toMatchObject({ status: "terminated", reason: "ended-by-user" })
  })

  it("fails with Conflict when it must not wait", async () => {
    const { containers, fails } = holding("INITIALIZED")
    expect((await fails(containers.terminate(container, { ifBusy: "fail" })))._tag).toBe("Conflict")
  })

  it.each(["FAILED", "ENDED"])("of a machine that is %s is success", async (status) => {
    const { containers, run } = holding(status)
    expect((await run(containers.terminate(container))).alreadyGone).toBe(true)
  })

  it("of a machine that fails while it is waited for is success", async () => {
    const reads = changing(0)
    const { containers, run } = holding("INITIALIZED", {
      [`GET ${one}`]: () => {
        reads.set(reads.now() + 1)
        return { json: containerRow({ instance_status: reads.now() > 2 ? "FAILED" : "INITIALIZED" }) }
      }
    })
    await run(containers.terminate(container))
  })

  it("of a machine that stays ACTIVE after an accepted end shows that it is being ended", async () => {
    const { containers, fails, run } = holding("ACTIVE", { [`DELETE ${one}`]: { status: 204 } })
    expect((await fails(containers.terminate(container)))._tag).toBe("Timeout")
    expect(await run(containers.get(container))).toMatchObject({ status: "terminating", billing: "compute" })
  })

  it("of a machine that is gone altogether is success", async () => {
    const { cloud, run } = cloudOf({ "GET /gpu/instances/": { json: instances.containers } })
    expect((await run(cloud.containers.terminate(container))).alreadyGone).toBe(true)
  })
})

describe("update and rename of a container", () => {
  it("ask for the login of a container that this ledger did not launch, and send nothing", async () => {
    const { containers, fails, routes } = holding("ACTIVE")
    for (const call of [containers.rename(container, "new"), containers.update(container, { env: {} })]) {
      expect(await fails(call)).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "registry" }] })
    }
    expect(routes()).not.toContain(`PUT ${one}`)
  })

  it("replace all of it", async () => {
    const { containers, run, bodies } = holding("ACTIVE")
    await run(containers.update(container, { name: "new", env: { A: "1" }, registry: null }))
    expect(bodies(`PUT ${one}`)).toEqual([
      {
        name: "new",
        container_settings: { image, environment: [{ name: "A", value: "1" }] },
        ssh_key: "ssh-ed25519 AAAAC3..."
      }
    ])
  })

  it("need no login for a container that this ledger launched without one", async () => {
    const name = changing("")
    const { cloud, run, bodies } = cloudOf({
      "GET /gpu/plans/": { json: plans.containers },
      "POST /gpu/instances/": ({ body = "" }) => {
        name.set(String(JSON.parse(body).name))
        return { json: requests.deployed }
      },
      [`GET ${one}`]: () => ({ json: containerRow({ name: name.now() }) }),
      [`PUT ${one}`]: { status: 204 }
    })
    const [offer] = (await run(cloud.containers.offers())).items
    if (!offer) throw new Error("no offer")
    const { ref, marker } = await run(
      cloud.containers.launch({ offer, name: "job", image, ports: [{ port: 22 }], sshKeys: [publicKey] })
    )
    await run(cloud.containers.rename(ref, "Better name"))
    expect(bodies(`PUT ${one}`)).toMatchObject([{ name: `better-name-${marker}`, container_settings: { image } }])
  })

  it("that meet an earlier update are Conflict, and are not sent twice", async () => {
    const { containers, fails, routes } = holding("ACTIVE", {
      [`PUT ${one}`]: { status: 400, json: { detail: "Previous update is still being applied" } }
    })
    expect((await fails(containers.update(container, { env: {}, registry: null })))._tag).toBe("Conflict")
    expect(routes().filter((route) => route === `PUT ${one}`)).toHaveLength(1)
  })

  it("whose answer is lost are not sent again: each accepted one restarts the container", async () => {
    const { containers, fails, routes } = holding("ACTIVE", { [`PUT ${one}`]: { status: 502 } })
    expect((await fails(containers.update(container, { env: {}, registry: null })))._tag).toBe("ProviderFault")
    expect(routes().filter((route) => route === `PUT ${one}`)).toHaveLength(1)
  })

  it("say honestly that the cloud wants ports in an update after all", async () => {
    const detail = [{ type: "missing", loc: ["body", "container_settings", "expose"], msg: "Field required" }]
    const { containers, fails } = holding("ACTIVE", { [`PUT ${one}`]: { status: 422, json: { detail } } })
    expect(await fails(containers.update(container, { env: {}, registry: null }))).toMatchObject({
      _tag: "InvalidRequest",
      issues: [{ path: "container_settings.expose", problem: "Field required" }]
    })
  })

  it("are not legal while the machine is provisioned, and change no ports", async () => {
    const { containers, fails } = holding("INITIALIZED")
    expect((await fails(containers.update(container, { env: {}, registry: null })))._tag).toBe("IllegalAction")
    const ports = { ports: [{ port: 22 }] } as never
    expect(await fails(containers.update(container, ports))).toMatchObject({ _tag: "Unsupported", feature: "ports" })
  })
})

/** The one change that a VM and a bare metal machine know. */
const renames = {
  vm: ({ vms }: Fluence) => vms.rename(new InstanceRef("fluence", "vm", id), "My training VM"),
  baremetal: ({ baremetal }: Fluence) => baremetal.rename(new InstanceRef("fluence", "baremetal", id), "My training VM")
}

test.each([
  ["vm", `/gpu/instances/vms/${id}`],
  ["baremetal", `/gpu/instances/baremetal/${id}`]
] as const)("rename of %s sends the name alone, with the marker that it had", async (availability, path) => {
  const { cloud, run, bodies } = cloudOf({
    [`GET ${path}`]: { json: { ...instances.activeVm, id, availability, name: "old-ag1x9k2m4p7q" } },
    [`PUT ${path}`]: { status: 204 }
  })
  const rename: Effect.Effect<unknown, GpuError> = renames[availability](cloud)
  await run(rename)
  expect(bodies(`PUT ${path}`)).toEqual([{ name: "my-training-ag1x9k2m4p7q" }])
})

describe("logs and events", () => {
  it.each([
    ["logs", instances.logs],
    ["events", instances.events]
  ] as const)("%s come as the cloud sends them, the last so many where wanted", async (operation, lines) => {
    const path = `${one}/${operation}`
    const { containers, run, to } = holding("ACTIVE", { [`GET ${path}`]: { json: lines } })
    expect((await run(containers[operation](container))).lines).toEqual(lines)
    expect((await run(containers[operation](container, { tail: 2, source: "workload" }))).lines).toEqual(lines)
    const urls = to(`GET ${path}`).map(({ url }) => url)
    expect(urls).toEqual([`https://api.fluence.dev${path}`, `https://api.fluence.dev${path}?last=2`])
  })

  it.each([
    [{ containing: "x" }, "containing"],
    [{ source: "host" }, 'source: "host"']
  ] as const)("%j is Unsupported: Fluence cannot", async (options, feature) => {
    const { containers, fails, routes } = holding("ACTIVE")
    for (const operation of ["logs", "events"] as const) {
      expect(await fails(containers[operation](container, options))).toMatchObject({ _tag: "Unsupported", feature })
    }
    expect(routes().some((route) => route.endsWith("logs") || route.endsWith("events"))).toBe(false)
  })

  it("are to be had of a container that does not start", async () => {
    const { containers, run } = holding("ACTIVE", {
      [`GET ${one}`]: { json: containerRow({ container_status: "NOT_STARTED" }) },
      [`GET ${one}/events`]: { json: instances.events }
    })
    expect((await run(containers.get(container))).status).toBe("starting")
    expect((await run(containers.events(container))).lines).toHaveLength(4)
  })
})
