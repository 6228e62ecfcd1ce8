import { describe, expect, it } from "vitest"
import { createHuddleClient } from "../testing/huddle.ts"

const started = async (options = {}) => {
  const client = createHuddleClient(options)
  const { id } = (await client.deploy()).body.data
  const status = async () => (await client.show(id)).status
  const remove = () => client.call("DELETE", `/deployments/${id}`)
  const act = (action: unknown) => client.call("POST", `/deployments/${id}/actions`, { action })
  return { ...client, id, status, remove, act, truth: () => client.machine(id) }
}

describe("a deployment", () => {
  it("goes ordered, provisioning, running; its address comes with running", async () => {
    const { status, show, id, sleep, truth } = await started()
    expect(await show(id)).toMatchObject({ status: "ordered", ssh_user: "ubuntu", location: "FIN-01" })
    await sleep(14_999)
    expect(await status()).toBe("ordered")
    await sleep(1)
    expect(await status()).toBe("provisioning")
    await sleep(119_999)
    expect(await show(id)).not.toHaveProperty("ip")
    expect([await status(), truth()?.running]).toEqual(["provisioning", false])
    await sleep(1)
    expect([await status(), truth()?.running]).toEqual(["running", true])
    expect((await show(id)).ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    const { created_at, updated_at } = await show(id)
    expect(Date.parse(updated_at) - Date.parse(created_at)).toBe(135_000)
  })

  it("is deleted in two documented ways, reads deleted for a while, then is a 404", async () => {
    for (const byAction of [false, true]) {
      const { call, id, status, remove, act, sleep, truth } = await started()
      await sleep(135_000)
      const answer = byAction ? await act("delete") : await remove()
      expect(answer).toMatchObject(byAction ? { status: 200, body: { data: { status: "deleting" } } } : { status: 204 })
      expect(await status()).toBe("deleting")
      expect((await remove()).status).toBe(204)
      expect(truth()).toMatchObject({ alive: true, running: false })
      await sleep(30_000)
      expect([await status(), truth()?.alive]).toEqual(["deleted", false])
      expect(await remove()).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } })
      await sleep(600_000)
      const gone = { status: 404, body: { code: "NOT_FOUND", error: "Deployment not found" } }
      expect(await call("GET", `/deployments/${id}`)).toEqual(gone)
      expect(await act("start")).toEqual(gone)
      expect((await call("GET", "/deployments")).body.data.data).toEqual([])
    }
  })

  it("can't be deleted while provisioning, unless switched off", async () => {
    const { remove, act, sleep, status } = await started()
    await sleep(20_000)
    for (const refused of [await remove(), await act("delete")])
      expect(refused).toMatchObject({ status: 409, body: { code: "CONFLICT" } })
    await sleep(115_000)
    expect((await remove()).status).toBe(204)
    expect(await status()).toBe("deleting")
    const easy = await started({ choices: { refuseEarlyDelete: false } })
    await easy.sleep(20_000)
    expect((await easy.remove()).status).toBe(204)
    await easy.sleep(3_600_000)
    expect(easy.truth()?.state).toBe("deleted")
  })

  it("stops and starts without a status of its own for either", async () => {
    const { act, status, show, id, sleep } = await started()
    expect((await act("stop")).status).toBe(409)
    await sleep(135_000)
    expect((await act("start")).status).toBe(409)
    expect((await act("stop")).body.data.status).toBe("running")
    expect((await act("stop")).status).toBe(409)
    await sleep(20_000)
    expect(await status()).toBe("offline")
    const { ip } = await show(id)
    expect((await act("start")).body.data.status).toBe("offline")
    await sleep(60_000)
    expect(await show(id)).toMatchObject({ status: "running", ip })
  })

  it("knows no other action", async () => {
    const { act, sleep } = await started()
    await sleep(135_000)
    for (const action of ["reboot", "restart", "hibernate", "toString"])
      expect(await act(action)).toMatchObject({ status: 400, body: { code: "BAD_REQUEST" } })
    expect((await act(undefined)).body.error).toBe("Missing required field: action")
    const without = await started({ choices: { powerActions: false } })
    await without.sleep(135_000)
    expect((await without.act("stop")).status).toBe(400)
    expect((await without.act("delete")).status).toBe(200)
  })

  it("keeps its hardware when stopped or broken, and gives it back at its end", async () => {
    const client = createHuddleClient()
    const { call, simulator, deploy, sleep } = client
    simulator.takeCapacity("1A100.22V")
    simulator.freeCapacity("1A100.22V")
    const { id } = (await deploy()).body.data
    const full = { status: 409, body: { code: "CONFLICT", error: expect.any(String) } }
    expect(await deploy()).toEqual(full)
    await sleep(135_000)
    simulator.stopOutside(id)
    expect(await deploy()).toEqual(full)
    simulator.failMachine(id)
    expect(client.machine(id)).toMatchObject({ state: "error", alive: true, running: false })
    expect(await deploy()).toEqual(full)
    expect((await call("DELETE", `/deployments/${id}`)).status).toBe(204)
    expect(await deploy()).toEqual(full)
    await sleep(30_000)
    expect((await deploy()).status).toBe(200)
  })

  it("ends without capacity when somebody was faster", async () => {
    const { simulator, call, deploy, show, machine, sleep } = createHuddleClient()
    simulator.loseCapacityOnDeploy()
    const { id, status } = (await deploy({ volumes: [{ name: "data", size: 5, type: "NVMe" }] })).body.data
    expect(status).toBe("ordered")
    expect((await deploy()).status).toBe(409)
    await sleep(15_000)
    expect((await show(id)).status).toBe("failed_no_capacity")
    expect(machine(id)).toMatchObject({ alive: false, running: false })
    expect(simulator.volumes()).toEqual([])
    expect((await call("DELETE", `/deployments/${id}`)).status).toBe(409)
    simulator.freeCapacity("1A100.22V")
    expect((await deploy()).status).toBe(200)
  })
})

describe("the world strikes back", () => {
  it("with raw statuses, until something happens", async () => {
    const { simulator, id, status, truth, sleep, remove } = await started()
    await sleep(135_000)
    simulator.setStatus(id, "hibernating")
    await sleep(3_600_000)
    expect([await status(), truth()?.state]).toEqual(["hibernating", "running"])
    await remove()
    expect(await status()).toBe("deleting")
  })

  it("with a running deployment that has no address", async () => {
    const { simulator, id, show, sleep } = await started()
    simulator.holdIp(id)
    await sleep(135_000)
    expect(await show(id)).toMatchObject({ status: "running" })
    expect(await show(id)).not.toHaveProperty("ip")
    simulator.holdIp(id, false)
    expect(await show(id)).toHaveProperty("ip")
  })

  it("from the console", async () => {
    const { simulator, id, status, sleep } = await started()
    await sleep(135_000)
    simulator.deleteOutside(id)
    expect(await status()).toBe("deleted")
    await sleep(600_000)
    expect(() => simulator.stopOutside(id)).toThrow(`No deployment ${id}`)
    expect(() => simulator.takeCapacity("9X1")).toThrow("No instance type 9X1")
  })

  it("with machines of others, in every state", async () => {
    const { simulator, show, sleep } = createHuddleClient()
    for (const state of ["ordered", "running", "offline", "error"] as const)
      expect(await show(simulator.addMachine({ state, hostname: "h" }))).toMatchObject({ status: state, hostname: "h" })
    await sleep(135_000)
    expect(simulator.machines().map(({ state }) => state)).toEqual(["running", "running", "offline", "error"])
  })
})
