import type { Route } from "@anygpu/conformance"
import { type AnyProvider, InstanceRef, type Kind, splitMarker, waitUntilReady } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { changing, cloudOf, id, publicKey } from "../cloud.test-support.ts"
import instances from "./fixtures/instances.json" with { type: "json" }
import plans from "./fixtures/plans.json" with { type: "json" }
import requests from "./fixtures/requests.json" with { type: "json" }

const one = `/gpu/instances/${id}`
const vmPath = `/gpu/instances/vms/${id}`
const image = "docker.io/fluencelabs/debian-ssh-root:11"

const refTo = <K extends Kind>(kind: K, to = id) => new InstanceRef("fluence", kind, to)

/** The documents' container at one moment of its life. */
const containerRow = (more: object = {}) => ({ ...instances.activeContainer, id, ...more })
const vmRow = (more: object = {}) => ({ ...instances.activeVm, id, ...more })

/** A cloud that rents containers: a deploy makes one that lists and reads show. */
const renting = (more: Readonly<Record<string, Route>> = {}) => {
  const name = changing<string | null>(null)
  const status = changing("INITIALIZED")
  const rows = () => (name.now() === null ? [] : [containerRow({ name: name.now(), instance_status: status.now() })])
  const made: Route = ({ body = "" }) => {
    name.set(String(JSON.parse(body).name))
    return { status: 201, json: requests.deployed }
  }
  const world = cloudOf({
    "GET /gpu/plans/": { json: plans.containers },
    "POST /gpu/instances/": made,
    "GET /gpu/instances/": () => ({ json: rows() }),
    [`GET ${one}`]: () => (rows()[0] ? { json: rows()[0] } : { status: 404, json: { detail: "Instance not found" } }),
    ...more
  })
  const launch = async () => {
    const [offer] = (await world.run(world.cloud.containers.offers())).items
    if (!offer) throw new Error("no offer")
    return world.run(
      world.cloud.containers.launch({ offer, name: "Job", image, ports: [{ port: 22 }], sshKeys: [publicKey] })
    )
  }
  return { ...world, name, status, made, launch }
}

describe("a launch", () => {
  it("sends one deploy whose name carries the marker, and answers the machine", async () => {
    const { launch, bodies } = renting()
    const machine = await launch()
    expect(machine).toMatchObject({
      ref: { id, kind: "container" },
      status: "provisioning",
      billing: "compute",
      name: "Job"
    })
    const [body] = bodies("POST /gpu/instances/")
    expect(body).toMatchObject({ name: `job-${machine.marker}`, constraints: { location: "US" }, ssh_key: publicKey })
    expect(machine.marker).toMatch(/^ag[0-9a-z]{10}$/)
  })

  it("whose answer is lost is found by its marker in the right collection, and never sent again", async () => {
    const lost = changing(0)
    const world = renting({
      "POST /gpu/instances/": (request, call) => {
        lost.set(lost.now() + 1)
        if (typeof world.made === "function") world.made(request, call)
        return { status: 502, text: "<html>" }
      }
    })
    const machine = await world.launch()
    expect(machine.ref.id).toBe(id)
    expect(lost.now()).toBe(1)
    expect(world.routes().filter((route) => route === "GET /gpu/instances/").length).toBeGreaterThan(0)
    expect(world.routes().some((route) => route.includes("vms"))).toBe(false)
  })

  it("of a VM needs a system of its offer and one key, and goes to its own collection", async () => {
    const world = cloudOf({
      "GET /gpu/plans/vms": { json: plans.vms },
      "POST /gpu/instances/vms": { status: 201, json: requests.deployed },
      [`GET ${vmPath}`]: () => {
        const [sent] = world.bodies("POST /gpu/instances/vms") as ReadonlyArray<{ readonly name: string }>
        return { json: vmRow({ name: sent?.name, status: "INITIALIZED", network: null, ssh_connection: null }) }
      }
    })
    const { cloud, run, fails, bodies, routes } = world
    const [offer] = (await run(cloud.vms.offers({ gpu: "A100" }))).items
    if (!offer) throw new Error("no offer")
    const spec = { offer, name: "Train", sshKeys: [publicKey] }
    const refused = await fails(cloud.vms.launch({ ...spec, os: "ubuntu" }))
    expect(refused).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "os" }] })
    expect(routes()).toEqual(["GET /gpu/plans/vms"])
    const machine = await run(cloud.vms.launch({ ...spec, os: "ubuntu server 22.04" }))
    expect(machine.status).toBe("provisioning")
    const [body] = bodies("POST /gpu/instances/vms") as ReadonlyArray<{ readonly name: string }>
    expect(body).toMatchObject({ plan_id: offer.id, os_image: "Ubuntu Server 22.04", ssh_key: publicKey })
    expect(splitMarker(body?.name ?? "").name).toBe("train")
  })

  it("waits until the container runs and has an address", async () => {
    const { cloud, run, launch, name } = renting({
      [`GET ${one}`]: () => {
        reads.set(reads.now() + 1)
        const later = reads.now() > 3 ? {} : { network: { domain: null, forwarded_ports: [], uri: null } }
        return { json: containerRow({ name: name.now(), ...later }) }
      }
    })
    const reads = changing(0)
    const { ref } = await launch()
    const ready = await run(waitUntilReady(cloud.containers, ref))
    expect(ready.endpoints.ssh[0]?.command).toBe("ssh -p 32345 root@provider.a100.kci.val.akash.pub")
    expect(reads.now()).toBe(4)
  })
})

test("forwarded ports are those of the last read, wherever a redeploy has moved them", async () => {
  const external = changing("32345")
  const { cloud, run } = cloudOf({
    [`GET ${one}`]: () => {
      const forwarded_ports = [{ port: "22", external_port: external.now(), protocol: "tcp" }]
      return { json: containerRow({ network: { domain: "h.example", forwarded_ports, uri: null } }) }
    }
  })
  const command = async () => (await run(cloud.containers.get(refTo("container")))).endpoints.ssh[0]?.command
  expect(await command()).toBe("ssh -p 32345 root@h.example")
  external.set("31000")
  expect(await command()).toBe("ssh -p 31000 root@h.example")
})

describe("ids and kinds", () => {
  it("that are invalid are not sent: another route would answer", async () => {
    const { cloud, fails, run, sent } = cloudOf()
    const providers: ReadonlyArray<AnyProvider> = [cloud.containers, cloud.vms, cloud.baremetal]
    for (const provider of providers) {
      for (const bad of ["vms", "baremetal", "..", "b54672e2"]) {
        const ref = refTo(provider.kind, bad)
        expect((await fails(provider.get(ref)))._tag).toBe("NotFound")
        expect((await run(provider.terminate(ref))).alreadyGone).toBe(true)
      }
    }
    expect(sent).toEqual([])
  })

  it("a machine that says it is of the other kind is not this provider's", async () => {
    const { cloud, fails } = cloudOf({ [`GET /gpu/instances/baremetal/${id}`]: { json: vmRow() } })
    expect((await fails(cloud.baremetal.get(refTo("baremetal"))))._tag).toBe("NotFound")
  })

  it.each(["Baremetal", "dedicated", "", null])(
    "a machine of the kind %j is not said to be gone",
    async (availability) => {
      const { cloud, run } = cloudOf({ [`GET /gpu/instances/baremetal/${id}`]: { json: vmRow({ availability }) } })
      expect((await run(cloud.baremetal.get(refTo("baremetal")))).status).toBe("running")
    }
  )

  it("a machine is gone when the list says so too, and a list that cannot be had says nothing", async () => {
    const missing = { status: 404, json: { detail: "Not Found" } }
    const lists: ReadonlyArray<readonly [Route, string]> = [
      [{ json: [] }, "NotFound"],
      [{ json: instances.containers }, "NotFound"],
      [missing, "BadResponse"],
      [{ status: 500 }, "ProviderFault"],
      [{ json: [{ id: 7 }] }, "NotFound"],
      [{ json: [{}] }, "ProviderFault"],
      [{ json: [containerRow({ id: "7", name: null })] }, "NotFound"],
      [{ json: [{ ...containerRow({}), id: { odd: true } }] }, "ProviderFault"]
    ]
    for (const [list, tag] of lists) {
      const { cloud, fails } = cloudOf({ "GET /gpu/instances/": list, [`GET ${one}`]: missing })
      expect((await fails(cloud.containers.get(refTo("container"))))._tag).toBe(tag)
    }
    const shown = { json: [containerRow({ id: id.toUpperCase() })] }
    const lagging = cloudOf({ "GET /gpu/instances/": shown, [`GET ${one}`]: missing })
    const machine = await lagging.run(lagging.cloud.containers.get(refTo("container")))
    expect(machine).toMatchObject({ view: "summary" })
    expect(machine.status).not.toBe("terminated")
    const { cloud, fails } = cloudOf({
      "GET /gpu/instances/": missing,
      [`GET ${one}`]: missing,
      [`DELETE ${one}`]: missing
    })
    expect(await fails(cloud.containers.terminate(refTo("container")))).toMatchObject({ _tag: "Timeout" })
  })

  it("a row with an invalid id costs only itself, and is reported", async () => {
    const rows = [{ ...instances.vms[0], id: "7" }, instances.vms[1], instances.vms[0]]
    const { cloud, run } = cloudOf({ "GET /gpu/instances/vms": { json: rows } })
    const listing = await run(cloud.vms.list())
    expect(listing.items.map(({ status, view }) => [status, view])).toEqual([
      ["failed", "summary"],
      ["running", "summary"]
    ])
    expect(listing.problems.map(({ part }) => part)).toEqual(["instances[0]"])
  })
})
