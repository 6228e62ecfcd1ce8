import { describe, expect, it, test } from "vitest"
import { apiKey, publicKey, scripted } from "./cloud.test-support.ts"
import abandoned from "./fixtures/abandoned-boot.json" with { type: "json" }
import list from "./fixtures/list.json" with { type: "json" }
import search from "./fixtures/search.json" with { type: "json" }
import show from "./fixtures/show.json" with { type: "json" }
import * as wire from "./wire.ts"

describe("the vendor's payloads decode", () => {
  it("offers", () => {
    const { offers } = wire.SearchAnswer.parse(search)
    const [offer] = offers.map((row) => wire.Offer.parse(row))
    expect(offer).toMatchObject({ id: 12345678, gpu_ram: 24576, dph_total: 0.234567, disk_space: 2048.5 })
  })

  it("a page of machines", () => {
    const page = wire.ListAnswer.parse(list)
    expect(page.next_token).toBe("eyJ2YWx1ZXMiOiB7ImlkIjogMTIzfX0=")
    const [row] = (page.instances ?? []).map((instance) => wire.Instance.parse(instance))
    const HostIp = "0.0.0.0"
    expect(row?.ports).toEqual({
      "8888/tcp": [{ HostIp, HostPort: "8888" }],
      "22/tcp": [{ HostIp, HostPort: "20000" }]
    })
  })

  it("one machine, ports as the reference page has them", () => {
    expect(wire.ShowAnswer.parse(show).instances).toMatchObject({ id: 883, ports: [8080, 8081] })
  })

  it("one that is gone, one that boots, one that was abandoned", () => {
    expect(wire.ShowAnswer.parse({ instances: null })).toEqual({ instances: null })
    const booting = { instances: { id: 1, actual_status: "loading", ssh_host: "...", ssh_port: 12345 } }
    expect(wire.ShowAnswer.parse(booting).instances?.actual_status).toBe("loading")
    expect(wire.Instance.parse(abandoned).intended_status).toBe("stopped")
  })

  it("no list at all, as the official client's tests have it", () => {
    expect(wire.ListAnswer.parse({ success: true, instances: null, next_token: null }).instances).toBeNull()
  })

  it("keys, whatever their field and wrapping", () => {
    const row = { id: 1, user_id: 2, created_at: "2023-01-01T12:00:00Z", deleted_at: null }
    expect(wire.KeysAnswer.parse([{ ...row, key: "k" }])).toMatchObject([{ key: "k" }])
    expect(wire.KeysAnswer.parse({ ssh_keys: [{ ...row, ssh_key: "k" }] })).toMatchObject([{ ssh_key: "k" }])
    expect(wire.CreateKeyAnswer.parse({ success: true, key: { ...row, public_key: "k" } }).key.public_key).toBe("k")
    const text = '[{"id": 1, "name": "my-key", "public_key": "ssh-rsa AAAA..."}]'
    const rows = [{ id: 1, name: "my-key", public_key: "ssh-rsa AAAA..." }]
    expect(wire.InstanceKeysAnswer.parse({ success: true, ssh_keys: text })).toEqual(rows)
    expect(wire.InstanceKeysAnswer.parse({ success: true, ssh_keys: rows })).toEqual(rows)
    expect(wire.InstanceKeysAnswer.parse({ success: true, ssh_keys: "" })).toEqual([])
    expect(wire.InstanceKeysAnswer.safeParse({ success: true, ssh_keys: "no json" }).success).toBe(false)
  })

  it("new_contract as a number and as a text", () => {
    expect(wire.CreateAnswer.parse({ new_contract: 5 }).new_contract).toBe(5)
    expect(wire.CreateAnswer.parse({ new_contract: "5" }).new_contract).toBe("5")
  })
})

test("what is secret is not even read", () => {
  const [row] = list.instances
  const read = JSON.stringify(wire.Instance.parse({ ...row, api_key: "K", instance_api_key: "K" }))
  for (const secret of [row?.jupyter_token, row?.onstart, "DOG", "apt update", "api_key"]) {
    expect(read).not.toContain(secret)
  }
  const user = { id: 1, credit: 25, api_key: apiKey, ssh_key: publicKey, email: "you@example.com" }
  expect(wire.UserAnswer.parse(user)).toEqual({ id: 1, credit: 25 })
})

test("a word nobody knows does not break a row", () => {
  const row = { id: 1, actual_status: "hibernating", intended_status: "asleep", cur_state: "x", next_state: "y" }
  expect(wire.Instance.parse(row)).toEqual(row)
})

describe("an answer without its list is refused: it never reads as empty", () => {
  it.each([
    ["offers", wire.SearchAnswer],
    ["machines", wire.ListAnswer],
    ["a machine", wire.ShowAnswer],
    ["keys", wire.KeysAnswer],
    ["a machine's keys", wire.InstanceKeysAnswer]
  ])("%s", (_, schema) => {
    for (const answer of [{}, { success: true }, 7, "ok"]) expect(schema.safeParse(answer).success).toBe(false)
  })

  it("and a machine is not called gone for it", async () => {
    const { cloud, fails, ledger, run } = scripted({ json: {} })
    const { containers } = cloud
    const { InstanceRef } = await import("@anygpu/core")
    const ref = new InstanceRef("vast", "container", "883")
    await run(ledger.seen([ref], 0))
    expect((await fails(containers.get(ref)))._tag).toBe("BadResponse")
    expect((await run(ledger.machine(ref)))?.goneAt).toBeNull()
    expect((await fails(containers.list()))._tag).toBe("BadResponse")
  })
})

test("credit is what can be spent, then the balance, and neither is no zero", async () => {
  const of = (json: unknown) => scripted({ json })
  const first = of({ credit: 25, balance: 3 })
  expect((await first.run(first.cloud.containers.balance())).available.micros).toBe(25_000_000)
  const second = of({ id: 1, balance: 3.5 })
  expect((await second.run(second.cloud.vms.balance())).available.micros).toBe(3_500_000)
  const debt = of({ credit: -4 })
  expect((await debt.run(debt.cloud.containers.balance())).available.micros).toBe(0)
  const none = of({ id: 1, email: "you@example.com" })
  expect((await none.fails(none.cloud.containers.balance()))._tag).toBe("BadResponse")
})
