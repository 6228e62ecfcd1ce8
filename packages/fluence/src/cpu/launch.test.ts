import type { Route } from "@anygpu/conformance"
import { money } from "@anygpu/core"
import { CurrentPriority } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import {
  cloudOf,
  create,
  end,
  id,
  image,
  list,
  living,
  nameIn,
  offers,
  otherId,
  publicKey,
  search,
  specOn
} from "./cloud.test-support.ts"
import answers from "./fixtures/answers.json" with { type: "json" }

/** The routes of a cloud that makes two VMs of one order, among these rows. */
const makingTwo = (rows: Map<string, object>): Readonly<Record<string, Route>> => ({
  ...offers,
  [list]: () => ({ json: [...rows.values()] }),
  [create]: (request) => {
    const vmName = nameIn(request)
    for (const vmId of [id, otherId]) rows.set(vmId, { ...answers.vmA, id: vmId, vmName })
    return { json: [{ vmId: id }, { vmId: otherId }] }
  }
})

describe("launching", () => {
  it("takes a default image by its name, and refuses a name that none has", async () => {
    const cloud = living([id], { "GET /vms/v3/default_images": { json: answers.images } })
    const vm = await cloud.run(cloud.vms.launch(await specOn(cloud, { os: "ubuntu 22.04" })))
    expect(vm.native).toMatchObject({ osImage: image })
    const refused = await cloud.fails(cloud.vms.launch(await specOn(cloud, { os: "Plan 9" })))
    expect(refused.message).toMatch(/unknown image "Plan 9"; expected "Ubuntu 22.04 \(LTS\) x64"/)
  })

  it("sends the order once, and answers the VM", async () => {
    const cloud = living()
    const vm = await cloud.run(cloud.vms.launch(await specOn(cloud, { ports: [{ port: 80 }] })))
    expect(vm).toMatchObject({
      ref: { id },
      name: "Web Server",
      keptName: "web-server",
      status: "running",
      pricePerHour: { micros: 12_791 }
    })
    expect(cloud.bodies(create)).toMatchObject([
      { instances: 1, vmConfiguration: { name: `web-server-${vm.marker}`, osImage: image, sshKeys: [publicKey] } }
    ])
  })

  it("a VM that the list lacks for a while is pending", async () => {
    const cloud = living([id], { [list]: { json: [] } })
    expect(await cloud.run(cloud.vms.launch(await specOn(cloud)))).toMatchObject({
      status: "pending",
      reason: "not-visible-yet"
    })
  })

  it("an order that was answered by an error of the cloud is not sent again: its VM is found and adopted", async () => {
    const cloud = living()
    let asked = 0
    const spec = await specOn(cloud)
    const broken = cloudOf({
      ...offers,
      [create]: (request) => {
        asked++
        cloud.rows.set(id, { ...answers.vmA, vmName: nameIn(request) })
        return { status: 500, json: { error: "Internal server error" } }
      },
      [list]: () => ({ json: [...cloud.rows.values()] })
    })
    expect((await broken.run(broken.vms.launch(spec))).ref.id).toBe(id)
    expect(asked).toBe(1)
  })

  it("nor is its VM looked for in a list that began before it", async () => {
    let asked = 0
    const cloud = living([id], {
      [list]: () => ({ json: [], late: asked++ === 0 ? 10_000 : 0 }),
      [create]: { status: 500, json: { error: "Internal server error" } }
    })
    const spec = await specOn(cloud)
    const before = cloud.run(Effect.provideService(cloud.vms.list(), CurrentPriority, "urgent"))
    await cloud.fails(cloud.vms.launch(spec))
    await before
    const timesOf = (route: string) => cloud.sent.flatMap((one) => (one.route === route ? [one.at] : []))
    const [ordered] = timesOf(create)
    expect(timesOf(list).slice(0, 2)).toEqual([ordered, ordered])
  })

  it("an order of which no VM is named is looked for", async () => {
    const cloud = living([])
    const error = await cloud.fails(cloud.vms.launch(await specOn(cloud)))
    expect(error._tag).toBe("ProviderFault")
    expect(error.message).toMatch(/No machine with the marker/)
    expect(cloud.bodies(create)).toHaveLength(1)
  })

  it("more VMs than were ordered are ended", async () => {
    const cloud = living([id, otherId])
    expect((await cloud.run(cloud.vms.launch(await specOn(cloud)))).ref.id).toBe(id)
    expect(cloud.bodies(end)).toEqual([{ vmIds: [otherId] }])
    expect([...cloud.rows.keys()]).toEqual([id])
  })

  it("that are not among those the cloud removed are ended by their marker, and seen to be gone", async () => {
    const cloud = living([id, otherId])
    const spec = await specOn(cloud)
    const ends: unknown[] = []
    const forgetful = cloudOf({
      ...makingTwo(cloud.rows),
      [end]: ({ body = "" }) => {
        const { vmIds } = JSON.parse(body)
        if (ends.push(vmIds) === 1) return { json: { removed_ids: [], transactions: [] } }
        for (const vmId of vmIds) cloud.rows.delete(vmId)
        return { json: { removed_ids: vmIds, transactions: [] } }
      }
    })
    const vm = await forgetful.run(forgetful.vms.launch(spec))
    expect([...cloud.rows.keys()]).toEqual([vm.ref.id])
  })

  it("and when that fails, one is kept and the others are ended by what all of them are marked with", async () => {
    const cloud = living([id, otherId])
    const spec = await specOn(cloud)
    let refused = false
    const stubborn = cloudOf({
      ...makingTwo(cloud.rows),
      [end]: ({ body = "" }) => {
        if (!refused) {
          refused = true
          return { status: 400, json: { error: "not now" } }
        }
        for (const vmId of JSON.parse(body).vmIds) cloud.rows.delete(vmId)
        return { text: "" }
      }
    })
    const vm = await stubborn.run(stubborn.vms.launch(spec))
    expect([...cloud.rows.keys()]).toEqual([vm.ref.id])
  })

  it("an offer that is gone, or costs more by now, is NoCapacity", async () => {
    const cloud = living([id], { [create]: { status: 422, json: answers.refusals[0] } })
    expect((await cloud.fails(cloud.vms.launch(await specOn(cloud))))._tag).toBe("NoCapacity")
    expect(cloud.bodies(create)).toHaveLength(1)
  })

  it.each([
    ["no URL", { os: "ubuntu" }],
    ["a limit below the price", { maxPerHour: money("0.012790", "USDC") }],
    ["a reserved port", { ports: [{ port: 10_250 }] }],
    ["an option that it lacks", { env: { A: "b" } }]
  ])("%s: nothing is sent", async (_, wrong) => {
    const cloud = living()
    const spec = { ...(await specOn(cloud)), ...wrong } as never
    await cloud.fails(cloud.vms.launch(spec))
    expect(cloud.routes()).toEqual([search])
  })
})
