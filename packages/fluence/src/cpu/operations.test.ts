import { InstanceRef } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { cloudOf, end, id, list, listed, living, patch, ref, specOn } from "./cloud.test-support.ts"
import answers from "./fixtures/answers.json" with { type: "json" }

describe("ending", () => {
  const spelt = id.toLowerCase()

  it("sends one id, as the cloud spells it, and looks until it is gone", async () => {
    const cloud = living()
    const { ref } = await cloud.run(cloud.vms.launch(await specOn(cloud)))
    const ended = await cloud.run(cloud.vms.terminate(new InstanceRef("fluence", "cpu-vm", spelt)))
    expect(ended).toMatchObject({ alreadyGone: false, leftovers: [] })
    expect(cloud.bodies(end)).toEqual([{ vmIds: [id] }])
    // The end is in the ledger as it was spelt. By the other spelling a machine as new as this may still be in no list.
    await cloud.run(Effect.sleep("2 minutes"))
    expect((await cloud.run(cloud.vms.get(ref))).status).toBe("terminated")
  })

  it("an id that was never seen is sent as it is, and as the cloud spells it when that is known", async () => {
    let rows: ReadonlyArray<unknown> = [answers.vmA]
    const cloud = cloudOf({
      [list]: () => ({ json: rows }),
      [end]: ({ body = "" }) => {
        if (JSON.parse(body).vmIds[0] === id) rows = []
        return { text: "" }
      }
    })
    await cloud.run(cloud.vms.terminate(ref(spelt)))
    expect(cloud.bodies(end)).toEqual([{ vmIds: [spelt] }, { vmIds: [id] }])
  })

  it("one that its provider has ended is deleted all the same: its reserve is held until then", async () => {
    let rows: ReadonlyArray<unknown> = [answers.ended]
    const cloud = cloudOf({
      [list]: () => ({ json: rows }),
      [end]: () => {
        rows = []
        return { text: "" }
      }
    })
    const ended = await cloud.run(cloud.vms.terminate(ref(answers.ended.id)))
    expect(ended.alreadyGone).toBe(false)
    expect(cloud.bodies(end)).toEqual([{ vmIds: [answers.ended.id] }])
  })

  it("a refusal of an end that has happened already is success", async () => {
    const cloud = cloudOf({ [end]: { status: 400, json: { error: "VM not found" } }, ...listed() })
    expect(await cloud.run(cloud.vms.terminate(ref()))).toMatchObject({ alreadyGone: true })
  })

  it("a refusal while it is launched is asked again until it is taken", async () => {
    let row: object | null = { ...answers.vmA, status: "Launching", publicIp: null }
    let asked = 0
    const cloud = cloudOf({
      [list]: () => ({ json: row ? [row] : [] }),
      [end]: () => {
        if (++asked < 4) return { status: 400, json: { error: "not now" } }
        row = null
        return { text: "" }
      }
    })
    expect((await cloud.run(cloud.vms.terminate(ref()))).alreadyGone).toBe(false)
    expect(asked).toBe(4)
  })

  it("what is no id is gone, and not asked for", async () => {
    const { vms, run, sent } = cloudOf({})
    expect((await run(vms.terminate(ref("0x12")))).alreadyGone).toBe(true)
    expect(sent).toEqual([])
  })
})

describe("changing", () => {
  const marked = { ...answers.vmA, vmName: "web-agabcdefghij" }

  it("a name, with its marker, and by the id as the cloud spells it", async () => {
    const { vms, run, bodies } = cloudOf({ ...listed(marked), [patch]: { status: 204 } })
    await run(vms.rename(ref(id.toLowerCase()), "Two Words"))
    expect(bodies(patch)).toEqual([{ id, vmName: "two-words-agabcdefghij" }])
  })

  it("ports and name in one request", async () => {
    const { vms, run, bodies } = cloudOf({ ...listed(marked), [patch]: { status: 204 } })
    await run(vms.update(ref(), { name: "new", ports: [{ port: 22 }, { port: 443 }] }))
    const openPorts = [22, 443].map((port) => ({ port, protocol: "tcp" }))
    expect(bodies(patch)).toEqual([{ id, vmName: "new-agabcdefghij", openPorts }])
  })

  it("ports so that nobody gets in any more is refused, and sent only when it is meant", async () => {
    const { vms, run, fails, bodies } = cloudOf({ ...listed(marked), [patch]: { status: 204 } })
    const error = await fails(vms.update(ref(), { ports: [{ port: 443 }] }))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "ports" }] })
    expect(bodies(patch)).toEqual([])
    await run(vms.update(ref(), { ports: [{ port: 443 }], closePorts: [22] }))
    expect(bodies(patch)).toEqual([{ id, openPorts: [{ port: 443, protocol: "tcp" }] }])
  })

  it("anything else is Unsupported, and so is a VM that is not up", async () => {
    const { vms, fails, bodies } = cloudOf({ ...listed({ ...marked, status: "Launching" }), [patch]: { status: 204 } })
    expect((await fails(vms.update(ref(), { image: "x" })))._tag).toBe("Unsupported")
    expect((await fails(vms.rename(ref(), "x")))._tag).toBe("IllegalAction")
    expect(bodies(patch)).toEqual([])
  })
})
