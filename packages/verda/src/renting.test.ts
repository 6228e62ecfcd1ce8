import { inspect } from "node:util"
import { waitForStatus } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { publicKey } from "./cloud.test-support.ts"
import { rented } from "./renting.test-support.ts"

const hour = 3_600_000

describe("tokens", () => {
  test("last an hour, are renewed before their end, and cost one login in all", async () => {
    const { vms, run, launch, logins, clock } = rented()
    await launch()
    expect(logins()).toEqual(["client_credentials"])
    await clock.sleep(hour)
    await run(Effect.all([vms.list(), vms.offers(), vms.balance()], { concurrency: "unbounded" }))
    expect(logins()).toEqual(["client_credentials", "refresh_token"])
  })

  test("that are revoked just before the create of a launch make one machine", async () => {
    const { simulator, vms, launch, logins, sent } = rented()
    simulator.onRequest(({ method, path }) => {
      if (method === "GET" && path.endsWith("/balance")) simulator.revokeTokens()
    })
    await launch()
    expect(sent("POST", /\/instances$/).map(({ status }) => status)).toEqual([401, 202])
    expect(simulator.truth().filter(({ isAlive }) => isAlive)).toHaveLength(1)
    expect(logins()).toEqual(["client_credentials", "client_credentials"])
    expect(vms.provider).toBe("verda")
  })

  test("that are revoked while a machine is ended do not keep it alive", async () => {
    const { simulator, vms, run, launch } = rented()
    const ref = await launch()
    simulator.onRequest(({ method, path }) => {
      if (method === "GET" && /\/volumes\//.test(path)) simulator.revokeTokens()
    })
    await run(vms.terminate(ref))
    expect(simulator.truth().every(({ isAlive }) => !isAlive)).toBe(true)
  })

  test("are in no error, whichever call it is of", async () => {
    const { simulator, vms, run, fails, clock } = rented()
    await run(vms.list())
    const secrets = [...simulator.tokens()]
    simulator.fault({
      on: { method: "GET", path: "/v1/instances" },
      do: { kind: "status", status: 400, json: { code: "x", message: secrets.join(" ") } },
      times: 9
    })
    await clock.sleep(hour)
    const error = await fails(vms.list())
    for (const secret of [...secrets, ...simulator.tokens()]) {
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain(secret)
    }
  })

  test("that the cloud never takes end in an error, after two logins", async () => {
    const { simulator, vms, fails, logins } = rented()
    simulator.onRequest(({ path }) => {
      if (path.endsWith("/token")) simulator.revokeTokens()
    })
    expect((await fails(vms.offers()))._tag).toBe("Unauthenticated")
    expect(logins().length).toBeLessThanOrEqual(4)
  })
})

describe("an end", () => {
  test("erases the disk that was made for the machine, and names those that cost on", async () => {
    const { simulator, vms, run, launch, kept, sent } = rented()
    const ref = await launch({ volumes: [{ name: "data", sizeMiB: 95_367 }] })
    const { leftovers } = await run(vms.terminate(ref))
    const [disk] = await kept()
    expect(disk).toMatchObject({ status: "detached" })
    expect(leftovers).toHaveLength(1)
    expect(leftovers[0]).toMatch(
      /^The data volume "data-ag[0-9a-z]{10}" of 100 GB \(.*, detached\) is still there and goes on costing \$0\.027398 per hour/
    )
    const { body } = sent("PUT", /\/instances$/)[0] ?? {}
    expect(body).toEqual({ action: "delete", id: ref.id, volume_ids: [expect.any(String)], delete_permanently: true })
    expect(simulator.truth().every(({ isAlive }) => !isAlive)).toBe(true)
  })

  test("deletes the volumes of its launch too where that is asked for, and no other one", async () => {
    const { vms, run, launch, kept, cloud } = rented()
    const theirs = await run(
      cloud.native.createVolume({ body: { name: "theirs", type: "NVMe", size: 20, location_code: "FIN-01" } })
    )
    const [volume] = (await run(vms.volumes())).items
    expect(volume).toMatchObject({ id: theirs, sizeMiB: 19_073, attachedTo: [], location: { region: "FIN-01" } })
    const attach = [{ provider: "verda", id: theirs, region: "FIN-01" }]
    const ref = await launch({ volumes: [{ name: "data", sizeMiB: 95_367 }], attach })
    expect((await run(vms.volumes())).items.map(({ attachedTo }) => attachedTo)).toEqual([[ref.id], [ref.id], [ref.id]])
    const { leftovers } = await run(vms.terminate(ref, { volumes: "delete" }))
    expect((await kept()).map(({ name }) => name)).toEqual(["theirs"])
    expect(leftovers).toEqual([expect.stringContaining('"theirs"')])
  })

  test("says so where a volume of its launch cannot be deleted", async () => {
    const { simulator, vms, run, launch } = rented()
    const ref = await launch({ volumes: [{ name: "data", sizeMiB: 95_367 }] })
    simulator.fault({
      on: { method: "DELETE", path: "/v1/volumes/{id}" },
      do: { kind: "status", status: 403 },
      times: 9
    })
    const { leftovers } = await run(vms.terminate(ref, { volumes: "delete" }))
    expect(leftovers).toEqual([
      expect.stringMatching(/^Volumes of its launch may be left, and cost on: /),
      expect.stringContaining('"data-ag')
    ])
  })

  test("of a machine that was not launched here does what Verda does by itself", async () => {
    const { simulator, vms, run, kept, sent, cloud } = rented()
    const id = simulator.addMachine()
    const machine = (await run(vms.list())).items.find(({ ref }) => ref.id === id)
    if (!machine) throw new Error("not listed")
    await run(vms.terminate(machine.ref))
    expect(sent("PUT", /\/instances$/)[0]?.body).toEqual({ action: "delete", id })
    expect(await kept()).toEqual([])
    expect(await run(cloud.native.listTrash())).toHaveLength(1)
  })

  test("keeps an OS volume that cannot be read, and says so", async () => {
    const { simulator, vms, run, launch } = rented()
    const ref = await launch()
    simulator.fault({ on: { method: "GET", path: "/v1/volumes/{id}" }, do: { kind: "status", status: 403 }, times: 1 })
    const { leftovers } = await run(vms.terminate(ref))
    expect(leftovers[0]).toMatch(/^The OS volume "mine-ag.{10}-os" of 50 GB/)
  })

  test("waits for a machine that is provisioned", async () => {
    const { simulator, vms, run } = rented()
    const { items } = await run(vms.offers({ gpu: "H100", gpuCount: 1 }))
    const [offer] = items
    if (!offer) throw new Error("no offer")
    const { ref } = await run(vms.launch({ offer, name: "mine", os: "ubuntu-24.04", sshKeys: [publicKey] }))
    await run(vms.terminate(ref))
    expect(simulator.truth().every(({ isAlive }) => !isAlive)).toBe(true)
    expect(simulator.spent()).toBeGreaterThan(0)
  })
})

describe("spot", () => {
  test("takes its OS volume along when it is taken away, and the journal says why it is gone", async () => {
    const { simulator, vms, run, launch, kept, clock } = rented({ choices: { endedAs: "discontinued" } })
    const ref = await launch({ volumes: [{ name: "data", sizeMiB: 95_367 }] }, { interruptible: true })
    expect((await run(vms.get(ref))).interruptible).toBe(true)
    simulator.evict(ref.id)
    await clock.sleep(180_000)
    expect(await run(vms.get(ref))).toMatchObject({ status: "terminated", reason: "preempted", billing: "none" })
    expect((await kept()).map(({ name }) => name)).toEqual([expect.stringMatching(/^data-ag/)])
  })

  test("that a person deleted was not taken away", async () => {
    const { cloud, vms, run, launch, clock } = rented({ choices: { endedAs: "discontinued" } })
    const ref = await launch({}, { interruptible: true })
    await run(cloud.native.instanceAction({ body: { action: "delete", id: ref.id, volume_ids: [] } }))
    await clock.sleep(180_000)
    expect(await run(vms.get(ref))).toMatchObject({ status: "terminated", reason: "ended-by-provider" })
  })
})

test("a stop costs as much as running: the status, the bill and the truth say so", async () => {
  const { simulator, vms, run, launch, clock } = rented()
  const ref = await launch()
  await run(vms.stop(ref))
  await run(waitForStatus(vms, ref, "stopped"))
  const { billing, pricePerHour, actions } = await run(vms.get(ref))
  expect([billing, actions.includes("start")]).toEqual(["compute", true])
  const before = simulator.balance()
  await clock.sleep(hour)
  expect((before - simulator.balance()) * 1e6).toBeCloseTo(pricePerHour?.micros ?? 0, -1)
})

test("events are the journal's, oldest first, and name no person", async () => {
  const { vms, run, launch } = rented()
  const ref = await launch()
  const { lines } = await run(vms.events(ref))
  expect(lines.map((line) => line.split(" ")[1])).toEqual(["create", "provisioning", "running"])
  expect(lines.join()).not.toMatch(/@|203\.0\.113/)
  expect((await run(vms.events(ref, { tail: 1, containing: "pro" }))).lines).toHaveLength(1)
})
