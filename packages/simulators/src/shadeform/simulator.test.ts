import { describe, expect, it } from "vitest"
import { createShadeformSimulator } from "../index.ts"
import { createShadeformClient, publicKey } from "../testing/shadeform.ts"

const minute = 60_000

describe("a machine", () => {
  it("goes through its phases, with a bill from pending_provider on to deleting", async () => {
    const { made, info, truth, call, sleep } = createShadeformClient()
    const id = await made()
    const statuses: string[] = []
    for (const ms of [0, 5_000, 150_000, 60_000]) {
      await sleep(ms)
      statuses.push((await info(id)).status)
    }
    expect(statuses).toEqual(["creating", "pending_provider", "pending", "active"])
    await call("POST", `/instances/${id}/delete`)
    expect((await info(id)).status).toBe("active")
    await sleep(5_000)
    expect((await info(id)).status).toBe("deleting")
    const seconds = (150_000 + 60_000 + 5_000) / 1000
    expect(truth(id).spent).toBeCloseTo((0.57 * seconds) / 3600, 9)
    await sleep(20_000)
    expect((await call("GET", "/instances")).body.instances).toEqual([])
    expect((await call("GET", `/instances/${id}/info`)).status).toBe(404)
  })

  it("is taken back by its cloud when it is a spot machine", async () => {
    const { simulator, made, info } = createShadeformClient()
    const id = await made({ rental_type: "spot" })
    simulator.preempt(id)
    expect(await info(id)).toMatchObject({ status: "deleting", status_details: "preempted" })
  })
})

describe("auto_delete", () => {
  const at = (ms: number) => ({ date_threshold: new Date(ms).toISOString() })

  it("ends a machine within five minutes of its date, and not before", async () => {
    const { simulator, made, truth, sleep } = createShadeformClient()
    const due = simulator.clock.now() + 120 * minute
    const id = await made({ auto_delete: at(due) })
    await sleep(120 * minute - 1)
    expect(truth(id).state).toBe("active")
    await sleep(5 * minute + 5_001)
    expect(truth(id).state).toMatch(/^delet/)
  })

  it("ends it when it has cost so much, whichever comes first", async () => {
    const { simulator, made, truth, sleep } = createShadeformClient()
    const late = at(simulator.clock.now() + 1000 * minute)
    const id = await made({ auto_delete: { ...late, spend_threshold: "0.57" } })
    await sleep(60 * minute)
    expect(truth(id).state).toBe("active")
    await sleep(7 * minute)
    expect(truth(id)).toMatchObject({ state: "deleted" })
    expect(truth(id).spent).toBeGreaterThanOrEqual(0.57)
    expect(truth(id).spent).toBeLessThan(0.57 * 1.1)
  })

  it("is moved, and removed", async () => {
    const { simulator, made, call, truth, sleep } = createShadeformClient()
    const begun = simulator.clock.now()
    const [moved, removed] = [
      await made({ auto_delete: at(begun + 30 * minute) }),
      await made({ auto_delete: at(begun + 30 * minute) })
    ]
    await call("POST", `/instances/${moved}/update`, { auto_delete: at(begun + 90 * minute) })
    await call("POST", `/instances/${removed}/update`, { auto_delete: null })
    await sleep(80 * minute)
    expect([truth(moved).state, truth(removed).state]).toEqual(["active", "active"])
    await sleep(20 * minute)
    expect([truth(moved).state, truth(removed).state]).toEqual(["deleted", "active"])
  })

  it("is forgotten where that is the habit", async () => {
    const { simulator, made, info, sleep, truth } = createShadeformClient({ choices: { recordsAutoDelete: false } })
    const id = await made({ auto_delete: at(simulator.clock.now() + minute) })
    await sleep(60 * minute)
    expect(await info(id)).not.toHaveProperty("auto_delete")
    expect(truth(id).state).toBe("active")
  })
})

describe("an account", () => {
  it("has a key of Shadeform's own with its private half, and refuses a name twice", async () => {
    const { call } = createShadeformClient()
    const [managed] = (await call("GET", "/sshkeys")).body.ssh_keys
    expect(managed).toMatchObject({ is_default: true, private_key: expect.stringContaining("PRIVATE KEY") })
    expect((await call("POST", `/sshkeys/${managed.id}/delete`)).status).toBe(409)
    const key = { name: "a", public_key: publicKey }
    expect((await call("POST", "/sshkeys/add", key)).status).toBe(200)
    expect(await call("POST", "/sshkeys/add", key)).toMatchObject({
      status: 400,
      body: { error: "name must be unique" }
    })
  })

  it("may go below zero, and launches nothing below five dollars", async () => {
    const { simulator, made, create, sleep } = createShadeformClient({ credit: 5 })
    await made({ cloud: "denvr", region: "houston-usa-1", shade_instance_type: "H100_sxm5x8" })
    await sleep(60 * minute)
    expect(simulator.balance()).toBeLessThan(0)
    expect((await create()).body.error_code).toBe("INSUFFICIENT_FUNDS")
  })

  it("is stored and continued", async () => {
    const { simulator, made, sleep } = createShadeformClient()
    const due = new Date(simulator.clock.now() + 30 * minute).toISOString()
    const id = await made({ auto_delete: { date_threshold: due } })
    const later = createShadeformSimulator({ snapshot: simulator.snapshot(), clock: simulator.clock })
    await sleep(60 * minute)
    expect(later.machines().find((one) => one.id === id)?.state).toBe("deleted")
  })
})
