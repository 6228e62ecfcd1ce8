import { describe, expect, it } from "vitest"
import { createClient, publicKey } from "../testing/client.ts"

const otherKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC other@laptop"

describe("account keys", () => {
  it("adds, lists, changes and deletes", async () => {
    const { call } = createClient({ sshKeys: [] })
    expect(await call("GET", "/api/v0/ssh/")).toMatchObject({ status: 404, body: { success: false } })
    const made = await call("POST", "/api/v0/ssh/", { ssh_key: `${publicKey}\0\n` })
    expect(made.body).toMatchObject({ success: true, key: { public_key: publicKey, deleted_at: null } })
    const { id } = made.body.key
    const listed = await call("GET", "/api/v0/ssh/")
    expect(listed.body).toEqual([
      { id, user_id: 123_456, key: publicKey, created_at: expect.stringMatching(/Z$/), deleted_at: null }
    ])
    const changed = await call("PUT", `/api/v0/ssh/${id}/`, { id, ssh_key: otherKey })
    expect(changed.body).toMatchObject({ success: true, key: { id, public_key: otherKey } })
    expect((await call("GET", "/api/v0/users/current/")).body.ssh_key).toBe(otherKey)
    expect((await call("DELETE", `/api/v0/ssh/${id}/`, {})).body).toEqual({ success: true })
    const missing = { success: false, error: "no_ssh_key", msg: "No ssh key provided" }
    expect(await call("DELETE", `/api/v0/ssh/${id}/`, {})).toEqual({ status: 400, body: missing })
    expect(await call("PUT", `/api/v0/ssh/${id}/`, { ssh_key: otherKey })).toEqual({ status: 400, body: missing })
    expect(await call("POST", "/api/v0/ssh/", {})).toEqual({ status: 400, body: missing })
    expect((await call("POST", "/api/v0/ssh/", "{")).status).toBe(400)
    expect((await call("PUT", `/api/v0/ssh/${id}/`, "{")).status).toBe(400)
    expect((await call("DELETE", "/api/v0/ssh/x/")).body.error).toBe("invalid_request")
  })
})

describe("instance keys", () => {
  it("attaches text, lists a JSON string, detaches by id", async () => {
    const { call, rent } = createClient()
    const id = await rent()
    const path = `/api/v0/instances/${id}/ssh/`
    const added = await call("POST", "/api/v0/ssh/", { ssh_key: otherKey })
    const rows = async () => JSON.parse((await call("GET", path)).body.ssh_keys)
    expect(await rows()).toHaveLength(1)
    for (let times = 0; times < 2; times++) {
      const attached = await call("POST", path, { ssh_key: otherKey })
      expect(attached.body).toEqual({ success: true, msg: "SSH key attached successfully" })
    }
    expect((await rows())[1]).toEqual({ id: added.body.key.id, name: "other@laptop", public_key: otherKey })
    const detached = await call("DELETE", `${path}${added.body.key.id}/`, {})
    expect(detached.body).toEqual({ success: true, msg: "SSH key removed from instance." })
    expect((await call("DELETE", `${path}${added.body.key.id}/`)).body.error).toBe("no_such_ssh_key")
    expect((await call("DELETE", `${path}x/`)).body.error).toBe("invalid_request")
    expect((await call("DELETE", "/api/v0/instances/1/ssh/1/")).body.error).toBe("no_such_instance")
    expect((await call("POST", "/api/v0/instances/1/ssh/", { ssh_key: otherKey })).status).toBe(404)
    expect((await call("GET", "/api/v0/instances/1/ssh/")).status).toBe(404)
    expect((await call("POST", path, { ssh_key: "nonsense" })).body.error).toBe("no_ssh_key")
    expect((await call("POST", path, "{")).status).toBe(400)
  })

  it("doesn't change the keys of a VM", async () => {
    const { call, rent } = createClient()
    const id = await rent({ vm: true, image: "docker.io/vastai/kvm:ubuntu" })
    expect((await call("POST", `/api/v0/instances/${id}/ssh/`, { ssh_key: otherKey })).status).toBe(400)
  })
})

describe("logs and commands", () => {
  it("uploads a log that becomes readable after a while, without a key", async () => {
    const { call, rent, simulator } = createClient()
    const id = await rent({ onstart: 'echo "hello" && nvidia-smi; echo bye' })
    await simulator.clock.sleep(180_000)
    for (let line = 0; line < 5; line++) simulator.writeLog(id, `epoch ${line}`)
    const path = `/api/v0/instances/request_logs/${id}/`
    const read = async (body: object) => {
      const { body: asked } = await call("PUT", path, body)
      expect(asked).toMatchObject({
        success: true,
        result_url: expect.stringMatching(/^https:\/\/s3\.amazonaws\.com\//)
      })
      expect((await call("GET", asked.result_url)).status).toBe(403)
      await simulator.clock.sleep(10_000)
      return (await call("GET", asked.result_url)).body
    }
    expect(await read({})).toBe("image: ubuntu:22.04\nhello\nbye\nepoch 0\nepoch 1\nepoch 2\nepoch 3\nepoch 4\n")
    expect(await read({ tail: "2" })).toBe("epoch 3\nepoch 4\n")
    expect(await read({ tail: "1000", filter: "epoch 3" })).toBe("epoch 3\n")
    expect(await read({ daemon_logs: "true" })).toContain("running")
    expect((await call("PUT", path, { tail: 10 })).status).toBe(400)
    expect((await call("PUT", path, { daemon_logs: true })).status).toBe(400)
    expect(await call("PUT", "/api/v0/instances/request_logs/1/", {})).toEqual({
      status: 404,
      body: { error: "invalid_id", msg: "Invalid instance id." }
    })
    expect((await call("GET", "https://s3.amazonaws.com/vast.ai/instance_logs/none.log")).status).toBe(403)
  })

  it("refuses a key on the host of the logs", async () => {
    const { simulator } = createClient()
    const url = "https://s3.amazonaws.com/vast.ai/instance_logs/none.log"
    const response = await simulator.fetch(url, { headers: { authorization: `Bearer ${simulator.apiKey}` } })
    expect(response.status).toBe(400)
    expect(simulator.requests()).toMatchObject([{ authorized: true, path: "/vast.ai/instance_logs/none.log" }])
  })

  it("runs ls, rm and du only", async () => {
    const { call, simulator } = createClient()
    const id = simulator.addMachine()
    const path = `/api/v0/instances/command/${id}/`
    const asked = await call("PUT", path, { command: "du -d2 /workspace" })
    expect(asked.body).toMatchObject({ success: true, writeable_path: expect.any(String), msg: expect.any(String) })
    await simulator.clock.sleep(10_000)
    expect((await call("GET", asked.body.result_url)).body).toContain("/workspace")
    expect((await call("PUT", path, { command: "ls -l" })).body.success).toBe(true)
    expect((await call("PUT", path, { command: "rm x" })).body.success).toBe(true)
    for (const command of ["cat /etc/passwd", `ls ${"x".repeat(512)}`, "", 3, "toString"]) {
      const refused = await call("PUT", path, { command })
      expect(refused).toMatchObject({ status: 400, body: { error: "invalid_args", msg: "Invalid command given." } })
    }
    expect(await call("PUT", path, "{")).toEqual({
      status: 483,
      body: { success: false, error: "invalid_args", msg: "Invalid json_body" }
    })
    expect((await call("PUT", "/api/v0/instances/command/1/", { command: "ls" })).body.error).toBe(
      "invalid_container_id"
    )
  })
})

describe("billing", () => {
  it("shows the user with credit", async () => {
    const { call } = createClient({ credit: 12.5 })
    const { body } = await call("GET", "/api/v0/users/current/")
    expect(body).toMatchObject({ credit: 12.5, balance: 12.5, email: expect.any(String), ssh_key: publicKey })
  })

  it("moves credit into a deposit, which pays first and comes back", async () => {
    const { call, simulator } = createClient({ credit: 100 })
    const id = simulator.addMachine()
    const path = `/api/v0/instances/prepay/${id}/`
    const paid = await call("PUT", path, { amount: 40 })
    expect(paid.body).toMatchObject({ success: true, timescale: expect.any(Number), discount_rate: expect.any(Number) })
    expect(simulator.balance()).toBe(60)
    await simulator.clock.sleep(3_600_000)
    expect(simulator.balance()).toBe(60)
    const deposit = await call("GET", `/api/v0/instances/balance/${id}/`)
    expect(deposit.body.refundable_deposit).toBeCloseTo(40 - simulator.spent(), 10)
    expect(await call("PUT", path, { amount: 61 })).toEqual({
      status: 411,
      body: { success: false, msg: "Insufficient credit" }
    })
    const unknown = await call("PUT", "/api/v0/instances/prepay/1/", { amount: 1 })
    expect(unknown).toEqual({ status: 400, body: { success: false, msg: "No such instance" } })
    expect((await call("PUT", path, { amount: -1 })).status).toBe(400)
    expect((await call("PUT", path, "{")).status).toBe(400)
    expect((await call("GET", "/api/v0/instances/balance/1/")).status).toBe(404)
    await call("DELETE", `/api/v0/instances/${id}/`)
    expect(simulator.balance()).toBeCloseTo(100 - simulator.spent(), 10)
  })

  it("changes bids", async () => {
    const { call, simulator, show } = createClient()
    const [id, fixed] = [simulator.addMachine({ bid: 0.5 }), simulator.addMachine()]
    const path = `/api/v0/instances/bid_price/${id}/`
    expect((await call("PUT", path, { client_id: "me", price: 0.6 })).body).toEqual({ success: true })
    expect(await show(id)).toMatchObject({ dph_base: 0.6, is_bid: true })
    expect((await call("PUT", path, { client_id: "me", price: null })).body).toEqual({ success: true })
    const row = await show(id)
    expect(row.dph_base).toBe(row.min_bid)
    expect((await call("PUT", path, { price: 0 })).body.msg).toBe("Please set a bid price >= 0.001.")
    expect((await call("PUT", path, { price: 1000 })).status).toBe(400)
    expect((await call("PUT", path, "{")).status).toBe(400)
    expect((await call("PUT", `/api/v0/instances/bid_price/${fixed}/`, { price: 1 })).status).toBe(400)
    expect((await call("PUT", "/api/v0/instances/bid_price/1/", { price: 1 })).body.error).toBe("no_such_instance")
  })
})
